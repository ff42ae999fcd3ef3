import { cpSync } from "node:fs";

cpSync("src/index.html", "dist/index.html");
cpSync("src/transfer.html", "dist/transfer.html");
cpSync("src/page.css", "dist/page.css");
