import { read, type Decision, type Fill, type Job, type Position, type Series, type Status, type Ticket, type WhyLink } from "./api";
import { CandleChart, EquityChart } from "./charts";

const at = <T extends HTMLElement = HTMLElement>(id: string) => document.getElementById(id) as T;
const money = (value: number) => value.toLocaleString("en-US", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const percent = (value: number, digits = 1) => `${(value * 100).toFixed(digits)} %`;
const when = (iso: string | null) => (iso && !iso.startsWith("1970") ? iso.replace("T", " ").slice(0, 16) : "–");
const short = (id: string | null) => (id ? id.slice(0, 12) : "–");
const price = (value: number) => value.toLocaleString("en-US", { maximumSignificantDigits: 8 });

type Cell = string | { text: string; tone?: string; nodes?: Node[] };

function table(id: string, heads: string[], rows: Cell[][], empty: string, select?: (row: number) => void) {
  const element = at<HTMLTableElement>(id);
  const head = document.createElement("thead");
  const line = head.insertRow();
  for (const text of heads) line.append(Object.assign(document.createElement("th"), { textContent: text }));
  const body = document.createElement("tbody");
  rows.forEach((cells, index) => {
    const row = body.insertRow();
    if (select) row.onclick = () => select(index);
    for (const cell of cells) {
      const place = row.insertCell();
      if (typeof cell === "string") { place.textContent = cell; continue; }
      place.className = cell.tone ?? "";
      if (cell.nodes) place.append(...cell.nodes); else place.textContent = cell.text;
    }
  });
  if (rows.length === 0) {
    const cell = body.insertRow().insertCell();
    cell.colSpan = heads.length;
    cell.textContent = empty;
    cell.className = "dim";
  }
  element.replaceChildren(head, body);
}

const candles = new CandleChart(at("candles"));
const equity = new EquityChart(at("curve"));
let shown: string | undefined;
let chosen: string | undefined;
let busy = false;
let decisions: Decision[] = [];

const symbolOf = (series: string) => series.split("/")[0]!;
const pick = (series: Series[]) => series.find(s => s.series === chosen) ?? series[0];

function head(status: Status) {
  const trading = status.trading;
  at("banner").className = status.environment;
  at("environment").textContent = status.environment;
  at("market").textContent = status.market;
  const running = status.phase === "trading";
  at("state").textContent = running ? trading.mode : status.phase;
  at("state").className = `big ${running ? { active: "good", reducing: "warn", halted: "bad" }[trading.mode] ?? "" : "warn"}`;
  at("reason").textContent = running ? trading.modeReasons.join("; ") || trading.stateReason || status.doing : status.doing;
  at("equity").textContent = money(trading.equity);
  at("wallet").textContent = `wallet ${money(trading.walletBalance)} · realised ${money(trading.realised)} · fees ${money(trading.fees)} · funding ${money(trading.funding)}`;
  const share = Math.min(1, trading.dayLoss / status.limits.maxDailyDrawdown);
  at("loss").style.width = percent(share, 0).replace(" ", "");
  at("lossText").textContent = `${percent(trading.dayLoss, 2)} of the day's peak ${money(trading.dayPeakEquity)}; trading halts at ${percent(status.limits.maxDailyDrawdown)}`;
  at("clock").textContent = when(trading.marketTime) === "–" ? "" : `market time ${trading.marketTime.replace("T", " ").slice(0, 19)} UTC`;
  at("alerts").hidden = status.alerts.length === 0;
  at("alerts").replaceChildren(...status.alerts.map(alert => {
    const line = Object.assign(document.createElement("li"), { className: alert.severity, textContent: alert.text });
    line.append(Object.assign(document.createElement("small"), { textContent: ` since ${when(alert.since)}` }));
    return line;
  }));
  at("counts").replaceChildren(...Object.entries(trading.counts).map(([name, count]) => {
    const span = document.createElement("span");
    const bold = Object.assign(document.createElement("b"), { textContent: count.toLocaleString("en-US") });
    span.append(name.replace("fundingPayments", "funding"), bold);
    return span;
  }));
}

function regime(series: Series | undefined, threshold: number) {
  at("regime").textContent = series?.regime ?? "none yet";
  at("regimes").replaceChildren(...Object.entries(series?.regimeProbabilities ?? {}).map(([name, probability]) => {
    const bar = document.createElement("div");
    bar.className = name === series?.regime ? "bar now" : "bar";
    const track = document.createElement("u");
    const fill = document.createElement("i");
    fill.style.width = `${probability * 100}%`;
    track.append(fill);
    bar.append(name, track, percent(probability, 0));
    return bar;
  }));
  at("ticket").textContent = series?.ticketId ? short(series.ticketId) : "none";
  at("similarity").textContent = !series?.ticketId
    ? "no ticket of this regime passed its gates: no edge, no trade"
    : `similarity ${series.similarity === null ? "not known yet" : percent(series.similarity, 0)}; trades at a confidence of ${threshold} and above`;
}

function positions(rows: Position[]) {
  table("positions", ["symbol", "quantity", "entry", "mark", "unrealised", "stop", "exit due", "ticket"], rows.map(p => [
    p.symbol, { text: String(p.signedQuantity), tone: p.signedQuantity > 0 ? "good" : "bad" }, price(p.averageEntry), price(p.mark),
    { text: money(p.unrealised), tone: p.unrealised >= 0 ? "good" : "bad" },
    p.stop === null ? { text: "none", tone: "bad" } : { text: `${price(p.stop)} ${p.stopConfirmed ? "✓" : "?"}`, tone: p.stopConfirmed ? "" : "warn" },
    when(p.exitDue), short(p.ticketId),
  ]), "flat");
}

function fills(rows: Fill[]) {
  table("fills", ["time", "symbol", "kind", "side", "price", "quantity", "fee"], rows.slice(0, 8).map(f => [
    when(f.time), f.symbol, f.kind, { text: f.side, tone: f.side === "buy" ? "good" : "bad" }, price(f.price), String(f.quantity), String(f.fee),
  ]), "none yet");
}

function decided(rows: Decision[]) {
  decisions = rows;
  table("decisions", ["time", "series", "regime", "ticket", "p(up)", "confidence", "signal", "verdict", "detail"], rows.map(d => [
    when(d.time), d.series, d.regime || "–", short(d.ticketId), d.probabilityUp === null ? "–" : d.probabilityUp.toFixed(3),
    d.confidence === null ? "–" : d.confidence.toFixed(3), { text: d.signal || "–", tone: d.signal === "Buy" ? "good" : d.signal ? "bad" : "dim" },
    { text: d.verdict, tone: d.verdict === "approved" ? "good" : d.signal ? "warn" : "dim" }, { text: d.detail, tone: "wrap" },
  ]), "no closed candle yet", index => void why(decisions[index]!));
}

function jobs(rows: Job[]) {
  table("jobs", ["job", "cron", "last run", "outcome", "next"], rows.map(j => [
    j.name, { text: j.cron, tone: "mono dim" }, when(j.lastRun),
    j.running ? { text: "running", tone: "warn" } : { text: j.lastOutcome || "–", tone: "wrap" }, when(j.next),
  ]), "none");
}

// The report opens below the list; with a key held, or the middle button, in a tab of its own as any link does.
function reportLink(ticket: Ticket) {
  const link = Object.assign(document.createElement("a"), { textContent: "report", href: ticket.report!, target: "_blank" });
  link.onclick = event => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    at("reportBox").hidden = false;
    at("reportWhat").textContent = `${ticket.symbol}/${ticket.interval} ${ticket.regime}, ${short(ticket.id)}`;
    at<HTMLAnchorElement>("reportAlone").href = ticket.report!;
    at<HTMLIFrameElement>("report").src = ticket.report!;
    at("reportBox").scrollIntoView({ behavior: "smooth" });
  };
  return link;
}

const lines = (words: string[], title = "") => words.map(textContent => Object.assign(document.createElement("div"), { textContent, title }));

// Live signals with outcome, what they stated, how many were right, and the bet against the ticket's confidence.
function recordOf(ticket: Ticket): Cell {
  const record = ticket.record;
  if (!record) return { text: "–", tone: "dim" };
  const bet = record.wealth < 100 ? record.wealth.toFixed(2) : record.wealth.toFixed(0);
  const words = record.signals === 0
    ? ["no signal yet"]
    : [`${record.signals} signals`, `stated ${percent(record.stated)}, right ${percent(record.hitRate)}`, `bet ${bet} of ${record.bound.toFixed(0)}`];
  const title = `live since ${when(record.since)}, ${record.outOfSample} out-of-sample signals before; a bet of 1 against its confidence stands at ${bet}, at ${record.bound.toFixed(0)} the ticket is refuted and retires`;
  const tone = record.isRefuted ? "bad" : record.wealth > Math.sqrt(record.bound) ? "warn" : "";
  return { text: "", tone, nodes: lines(words, title) };
}

async function tickets() {
  const rank = (t: Ticket) => ["live", "shadow"].indexOf(t.state) + 1 || 3;
  const rows = (await read<Ticket[]>("/api/tickets")).sort((a, b) => rank(a) - rank(b));
  table("tickets", ["id", "plots", "series", "regime", "label", "state", "density", "track record", "trained until, expires", "gates", "reason"], rows.slice(0, 40).map(t => [
    { text: short(t.id), tone: "mono" }, t.report ? { text: "", nodes: [reportLink(t)] } : { text: "–", tone: "dim" }, `${t.symbol}/${t.interval}`, t.regime, t.label,
    { text: t.state, tone: t.state === "live" ? "good" : t.state === "shadow" ? "warn" : "dim" },
    percent(t.density, 1), recordOf(t), { text: "", nodes: lines([when(t.trainedUntil), when(t.expiresAt)]) },
    { text: "", tone: "wrap", nodes: t.gates.map(g => Object.assign(document.createElement("span"), {
      className: `gate ${g.passed === null ? "" : g.passed ? "pass" : "fail"}`, textContent: g.name,
      title: `${g.value ?? "not run"} against ${g.threshold}, n = ${g.sampleSize}: ${g.reason}`,
    })) },
    { text: t.reason, tone: "wrap" },
  ]), "none yet");
}

async function why(decision: Decision) {
  at("whyBox").hidden = false;
  at("whyWhat").textContent = `journal entry ${decision.sequence}`;
  const links = await read<WhyLink[]>(`/api/why/${decision.sequence}`);
  at("why").replaceChildren(...links.map(link => {
    const item = document.createElement("li");
    item.append(`${link.time} `, Object.assign(document.createElement("b"), { textContent: link.kind }), ` ${link.symbol} #${link.sequence}${link.cause ? ` because of #${link.cause}` : ""}`);
    item.append(Object.assign(document.createElement("pre"), { textContent: JSON.stringify(link.payload) }));
    return item;
  }));
}

function choices(series: Series[]) {
  at("symbols").replaceChildren(...(series.length < 2 ? [] : series.map(s => {
    const button = Object.assign(document.createElement("button"), { textContent: s.series, className: s === pick(series) ? "on" : "" });
    button.onclick = () => { chosen = s.series; shown = undefined; };
    return button;
  })));
}

async function charts(status: Status) {
  const series = pick(status.trading.series);
  if (!series || busy) return;
  busy = true;
  try {
    const symbol = symbolOf(series.series);
    const fresh = shown !== series.series;
    if (fresh) candles.clear();
    const last = candles.lastOpen;
    candles.add(await read<number[][]>(`/api/candles?symbol=${symbol}` + (last === undefined ? "&count=400" : `&from=${last}`)));
    candles.mark(fresh ? await read<Fill[]>("/api/fills") : status.trading.fills, symbol);
    candles.hold(status.trading.positions.find(p => p.symbol === symbol));
    equity.show((await read<{ curve: [number, number][] }>("/api/pnl")).curve);
    shown = series.series;
  } finally {
    busy = false;
  }
}

function show(status: Status) {
  head(status);
  regime(pick(status.trading.series), status.limits.confidenceThreshold);
  positions(status.trading.positions);
  fills(status.trading.fills);
  decided(status.trading.decisions);
  jobs(status.jobs);
  choices(status.trading.series);
  void charts(status);
}

function follow() {
  const link = at("link");
  const source = new EventSource("/api/events");
  source.addEventListener("status", event => {
    link.textContent = "live";
    link.className = "tag good";
    show(JSON.parse((event as MessageEvent<string>).data) as Status);
  });
  source.onerror = () => {
    link.textContent = "no daemon";
    link.className = "tag bad";
  };
}

for (const button of document.querySelectorAll<HTMLButtonElement>("button[data-action]")) {
  button.onclick = async () => {
    const action = button.dataset["action"]!;
    try {
      await read(`/api/${action}`, { method: "POST", headers: { Authorization: `Bearer ${at<HTMLInputElement>("token").value.trim()}` } });
      at("actionResult").textContent = `${action}: accepted`;
    } catch (fault) {
      at("actionResult").textContent = `${action}: ${(fault as Error).message}`;
    }
  };
}

at("reportClose").onclick = () => { at("reportBox").hidden = true; };
at("whyClose").onclick = () => { at("whyBox").hidden = true; };
void read<Status>("/api/status").then(show);
void tickets();
setInterval(() => void tickets(), 5000);
follow();
