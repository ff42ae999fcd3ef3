import { read, type Adaptation, type AdaptedTicket, type DomainMap, type DomainPair } from "./api";

const at = <T extends HTMLElement = HTMLElement>(id: string) => document.getElementById(id) as T;
const make = <K extends keyof HTMLElementTagNameMap>(tag: K, text = "", className = "") => Object.assign(document.createElement(tag), { textContent: text, className });
const when = (iso: string) => `${iso.replace("T", " ").slice(0, 16)} UTC`;
const signed = (value: number, digits: number) => (value === 0 ? "" : value > 0 ? "+" : "−") + Math.abs(value).toFixed(digits);

function table(element: HTMLTableElement, heads: string[], rows: (string | HTMLElement)[][]) {
  const line = make("tr");
  line.append(...heads.map(text => make("th", text)));
  const head = make("thead");
  head.append(line);
  const body = make("tbody");
  for (const cells of rows) {
    const row = make("tr");
    row.append(...cells.map(cell => { const place = make("td"); place.append(cell); return place; }));
    body.append(row);
  }
  element.replaceChildren(head, body);
  return element;
}

const tell = (pair: DomainPair) =>
  `${pair.source} to ${pair.target}: similarity ${pair.similarity.toFixed(3)}\nkernel distance ${pair.mmd.toFixed(4)} (p = ${pair.mmdPValue.toFixed(3)})\n`
  + `proxy A-distance ${pair.aDistance.toFixed(2)} [${pair.aDistanceLow.toFixed(2)}, ${pair.aDistanceHigh.toFixed(2)}]\ncovariances ${pair.coral.toFixed(4)}`;

// Dark at 0, green at 1; the figure stands in every cell, so colour is not needed to read it.
const shade = (similarity: number) => `rgb(${Math.round(30 + 6 * similarity)}, ${Math.round(38 + 92 * similarity)}, ${Math.round(46 + 44 * similarity)})`;

function showMap(map: DomainMap | null) {
  if (!map) {
    at("mapText").textContent = "Nothing is measured yet. The job “similarity” compares the markets of the candle store once a week; now: ticketbot job run similarity. Two markets are needed; fetch or import another.";
    return;
  }
  at("mapWhen").textContent = `${map.symbols.length} markets of ${map.interval}, candles until ${when(map.at)}`;
  at("mapText").textContent = "Similarity of the column's market to the row's, whose rows set the scale: 1 is told apart by nothing but chance, 0.7 lies one standard deviation away. "
    + "A market with too few candles starts from the most similar one that has a live ticket, if their similarity is at least Research:Transfer:MinSimilarity. Hover a cell for its distances.";
  const found = new Map(map.pairs.map(pair => [`${pair.source} ${pair.target}`, pair]));
  const grid = make("table", "", "grid");
  table(grid, ["from \\ to", ...map.symbols], map.symbols.map(source => [
    make("b", source),
    ...map.symbols.map(target => {
      const pair = found.get(`${source} ${target}`);
      const cell = make("div", source === target ? "" : pair ? pair.similarity.toFixed(2) : "–", source === target ? "" : "cell");
      if (pair) { cell.style.background = shade(pair.similarity); cell.title = tell(pair); }
      return cell;
    }),
  ]));
  at("map").replaceChildren(grid);
  at("leftOut").replaceChildren(...map.leftOut.map(text => make("li", `left out: ${text}`)));
  at("pairBox").hidden = false;
  table(at<HTMLTableElement>("pairs"), ["from", "to", "similarity", "kernel distance", "p", "proxy A-distance", "95 % interval", "covariances"],
    [...map.pairs].sort((a, b) => b.similarity - a.similarity || a.mmd - b.mmd).map(pair => [
      pair.source, pair.target, pair.similarity.toFixed(3), pair.mmd.toFixed(4), pair.mmdPValue.toFixed(3), pair.aDistance.toFixed(2),
      `${pair.aDistanceLow.toFixed(2)} to ${pair.aDistanceHigh.toFixed(2)}`, pair.coral.toFixed(4),
    ]));
}

const svg = (tag: string, attributes: Record<string, string | number>, text = "") => {
  const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, String(value));
  node.textContent = text;
  return node;
};

// Loss on new rows and on older ones that are not rehearsed, by updates; the kept look is marked.
function curve(ticket: AdaptedTicket) {
  const [width, height, left, bottom, top, right] = [560, 200, 62, 24, 10, 118];
  const looks = ticket.looks;
  const lines: [string, string, (number | null)[]][] = [["new rows", "var(--blue)", looks.map(l => l.newLoss)], ["older rows", "var(--warn)", looks.map(l => l.oldLoss)]];
  const values = lines.flatMap(line => line[2]).filter(v => v !== null);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const pad = (high - low || 0.001) * 0.08;
  const last = looks[looks.length - 1]!.update || 1;
  const x = (update: number) => left + (update / last) * (width - left - right);
  const y = (loss: number) => top + ((high + pad - loss) / (high - low + 2 * pad)) * (height - top - bottom);
  const picture = svg("svg", { viewBox: `0 0 ${width} ${height}`, class: "curve", role: "img", "aria-label": "loss by updates" });
  for (const value of [low, (low + high) / 2, high]) {
    picture.append(svg("line", { x1: left, x2: width - right, y1: y(value), y2: y(value), stroke: "var(--line)" }));
    picture.append(svg("text", { x: left - 6, y: y(value) + 4, "text-anchor": "end" }, value.toFixed(4)));
  }
  picture.append(svg("line", { x1: x(ticket.best), x2: x(ticket.best), y1: top, y2: height - bottom, stroke: "var(--good)", "stroke-dasharray": "3 3" }));
  picture.append(svg("text", { x: left, y: height - 7 }, "0"), svg("text", { x: width - right, y: height - 7, "text-anchor": "end" }, `${last} updates`));
  for (const [name, colour, losses] of lines) {
    const points = losses.map((loss, i) => (loss === null ? null : `${x(looks[i]!.update).toFixed(1)},${y(loss).toFixed(1)}`)).filter(p => p !== null);
    if (points.length === 0) continue;
    picture.append(svg("polyline", { points: points.join(" "), fill: "none", stroke: colour, "stroke-width": 1.8 }));
    const end = y(losses.filter(l => l !== null).at(-1)!);
    picture.append(svg("text", { x: width - right + 7, y: end + 4, style: `fill: ${colour}` }, name));
  }
  return picture;
}

function adaptedTicket(ticket: AdaptedTicket) {
  const box = make("div", "", "adapted");
  const words = make("div");
  words.append(make("p", `${ticket.isPooled ? "pooled ticket of" : "ticket of"} ${ticket.regimes.join(", ")}: ${ticket.windowRows} new rows, ${ticket.rehearsedRows} older ones rehearsed; `
    + (ticket.best === 0 ? "no update lowered the loss on new rows, so the weights stayed." : `kept after ${ticket.best} updates (the dashed line).`)));
  words.append(make("p", ticket.gain === null || ticket.gain.passed === null
    ? "Its gain was not judged: an earlier gate refused it."
    : `${ticket.gain.passed ? "Gain shown" : "No gain shown"}: ${ticket.gain.reason}`, ticket.gain?.passed ? "good" : "muted"));
  words.append(make("p", ticket.passed ? "Passed every gate; it challenges the ticket in force." : "Refused; the tickets in force stay.", ticket.passed ? "good" : "muted"));
  words.append(ticket.forgotten.length === 0
    ? make("p", "There are no older rows by which forgetting could be measured.", "muted")
    : table(make("table"), ["regime", "loss before", "after", "forgotten, thousandths of a nat"], ticket.forgotten.map(f => [
      f.regime, f.lossBefore.toFixed(4), f.lossAfter.toFixed(4), make("span", signed(1000 * (f.lossAfter - f.lossBefore), 1), f.lossAfter > f.lossBefore ? "warn" : f.lossAfter < f.lossBefore ? "good" : "dim")])));
  box.append(curve(ticket) as unknown as Node, words);
  return box;
}

function showAdaptations(list: Adaptation[]) {
  if (list.length === 0) {
    const empty = make("article");
    empty.append(make("h3", "Last adaptation"), make("p", "No ticket has been trained on yet. The job “finetune” adapts live tickets to the newest candles each Sunday, once a ticket is live and candles are newer than its training rows; now: ticketbot job run finetune.", "muted"));
    at("adaptations").replaceChildren(empty);
    return;
  }
  at("adaptations").replaceChildren(...list.map(one => {
    const article = make("article");
    const head = make("h3", `Last adaptation of ${one.series} `);
    head.append(make("small", `candles until ${when(one.at)}${one.source ? `; brought from ${one.source.source}, similarity ${one.source.similarity.toFixed(3)}` : ""}`));
    article.append(head, make("p", one.outcome, "muted"), ...one.tickets.map(adaptedTicket));
    return article;
  }));
}

async function refresh() {
  try {
    showMap(await read<DomainMap | null>("/api/domains"));
    showAdaptations(await read<Adaptation[]>("/api/adaptations"));
    at("link").textContent = "live";
    at("link").className = "tag good";
  } catch (fault) {
    at("link").textContent = (fault as Error).message.slice(0, 60) || "no daemon";
    at("link").className = "tag bad";
  }
}

void refresh();
setInterval(() => void refresh(), 10000);
