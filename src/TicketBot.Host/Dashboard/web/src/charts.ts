import {
  CandlestickSeries, LineSeries, createChart, createSeriesMarkers,
  type CandlestickData, type IChartApi, type IPriceLine, type SeriesMarker, type Time, type UTCTimestamp,
} from "lightweight-charts";
import type { Fill, Position } from "./api";

const look = {
  autoSize: true,
  layout: { background: { color: "#171d24" }, textColor: "#8494a3", fontSize: 11 },
  grid: { vertLines: { color: "#1e262e" }, horzLines: { color: "#1e262e" } },
  timeScale: { timeVisible: true, borderColor: "#27303a" },
  rightPriceScale: { borderColor: "#27303a" },
};

const seconds = (milliseconds: number) => Math.floor(milliseconds / 1000) as UTCTimestamp;

/** Candles of one symbol with the fills on them and lines at entry and stop. */
export class CandleChart {
  private readonly chart: IChartApi;
  private readonly series;
  private readonly markers;
  private readonly fills = new Map<string, Fill>();
  private lines: IPriceLine[] = [];
  private opens: number[] = [];

  constructor(place: HTMLElement) {
    this.chart = createChart(place, look);
    this.series = this.chart.addSeries(CandlestickSeries, {
      upColor: "#3fb984", downColor: "#e5605e", wickUpColor: "#3fb984", wickDownColor: "#e5605e", borderVisible: false,
    });
    this.markers = createSeriesMarkers(this.series, []);
  }

  clear() {
    this.opens = [];
    this.fills.clear();
    this.series.setData([]);
    this.markers.setMarkers([]);
  }

  get lastOpen(): number | undefined { return this.opens.at(-1); }

  add(rows: number[][]) {
    const data = rows.map(([time, open, high, low, close]) => ({ time: seconds(time!), open, high, low, close }) as CandlestickData<Time>);
    if (this.opens.length === 0) {
      this.series.setData(data);
      this.opens = rows.map(r => r[0]!);
      this.chart.timeScale().scrollToRealTime();
      return;
    }
    rows.forEach((row, i) => {
      if (row[0]! < this.opens.at(-1)!) return;
      this.series.update(data[i]!);
      if (row[0]! > this.opens.at(-1)!) this.opens.push(row[0]!);
    });
  }

  mark(fills: Fill[], symbol: string) {
    for (const fill of fills) if (fill.symbol === symbol && fill.kind !== "funding") this.fills.set(fill.id, fill);
    const marks: SeriesMarker<Time>[] = [];
    for (const fill of this.fills.values()) {
      // A mark sits on the candle that the fill happened in.
      const at = this.opens.findLast(open => open <= Date.parse(fill.time));
      if (at === undefined) continue;
      const buy = fill.side === "buy";
      marks.push({
        time: seconds(at), position: buy ? "belowBar" : "aboveBar", shape: buy ? "arrowUp" : "arrowDown",
        color: buy ? "#5aa0e6" : "#e0a63c", text: `${buy ? "B" : "S"} ${fill.quantity}`,
      });
    }
    marks.sort((a, b) => (a.time as number) - (b.time as number));
    this.markers.setMarkers(marks);
  }

  hold(position: Position | undefined) {
    this.lines.forEach(line => this.series.removePriceLine(line));
    this.lines = [];
    if (!position) return;
    this.lines.push(this.series.createPriceLine({ price: position.averageEntry, color: "#5aa0e6", lineStyle: 2, lineWidth: 1, title: "entry" }));
    if (position.stop !== null) {
      this.lines.push(this.series.createPriceLine({ price: position.stop, color: "#e5605e", lineStyle: 0, lineWidth: 1, title: position.stopConfirmed ? "stop" : "stop (not confirmed)" }));
    }
  }
}

/** Equity over market time. */
export class EquityChart {
  private readonly series;
  private readonly chart: IChartApi;

  constructor(place: HTMLElement) {
    this.chart = createChart(place, look);
    this.series = this.chart.addSeries(LineSeries, { color: "#3fb984", lineWidth: 2, priceLineVisible: false });
  }

  show(curve: [number, number][]) {
    const byTime = new Map(curve.map(([time, value]) => [seconds(time), value]));
    this.series.setData([...byTime].map(([time, value]) => ({ time, value })));
    this.chart.timeScale().fitContent();
  }
}
