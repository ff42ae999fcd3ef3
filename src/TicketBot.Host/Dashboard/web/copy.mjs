import { cpSync } from "node:fs";

cpSync("src/index.html", "dist/index.html");
cpSync("src/page.css", "dist/page.css");
