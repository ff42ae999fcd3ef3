// The shapes that the local API answers with; only what the page reads.

export interface Position {
  symbol: string; signedQuantity: number; averageEntry: number; mark: number; unrealised: number; stop: number | null;
  stopConfirmed: boolean; ticketId: string; openedAt: string; exitDue: string | null;
}

export interface Series {
  series: string; lastClose: string; lastPrice: number; regime: string | null; regimeProbabilities: Record<string, number>;
  ticketId: string | null; ticketsByRegime: Record<string, string>; similarity: number | null;
}

export interface Decision {
  sequence: number; time: string; series: string; regime: string; ticketId: string; probabilityUp: number | null; confidence: number | null;
  signal: string; verdict: string; detail: string; orderId: string;
}

export interface Fill {
  id: string; symbol: string; kind: string; side: string; price: number; quantity: number; fee: number; time: string;
}

export interface Job {
  name: string; cron: string; running: boolean; lastSuccess: string | null; lastRun: string | null; lastOutcome: string; next: string | null;
}

export interface Trading {
  marketTime: string; state: string; stateReason: string; mode: string; modeReasons: string[]; equity: number; walletBalance: number; dayPeakEquity: number; realised: number; fees: number;
  funding: number; dayLoss: number; counts: Record<string, number>; positions: Position[]; series: Series[]; decisions: Decision[]; fills: Fill[];
}

export interface Alert { code: string; subject: string; severity: string; text: string; since: string; }

export interface Status {
  environment: string; market: string; phase: string; doing: string; progressAgeSeconds: number;
  limits: { maxDailyDrawdown: number; confidenceThreshold: number }; trading: Trading; jobs: Job[]; alerts: Alert[];
}

export interface DomainPair {
  source: string; target: string; similarity: number; mmd: number; mmdPValue: number; aDistance: number; aDistanceLow: number; aDistanceHigh: number; coral: number;
}

export interface DomainMap { at: string; interval: string; symbols: string[]; pairs: DomainPair[]; leftOut: string[]; }

export interface AdaptedTicket {
  ticket: string; parent: string; regimes: string[]; isPooled: boolean; windowRows: number; rehearsedRows: number; best: number; passed: boolean; gain: Gate | null;
  looks: { update: number; newLoss: number; oldLoss: number | null }[]; forgotten: { regime: string; lossBefore: number; lossAfter: number }[];
}

export interface Adaptation { at: string; series: string; source: DomainPair | null; outcome: string; tickets: AdaptedTicket[]; }

export interface Gate { name: string; value: number | null; threshold: number; sampleSize: number; passed: boolean | null; reason: string; }

export interface Ticket {
  id: string; symbol: string; interval: string; regime: string; state: string; since: string; reason: string; density: number; method: string;
  trainedUntil: string; expiresAt: string; passed: boolean; gates: Gate[]; label: string; report?: string;
  record?: TrackRecord;
}

export interface TrackRecord {
  since: string; outOfSample: number; signals: number; hitRate: number; stated: number; wealth: number; bound: number; isRefuted: boolean;
}

export interface WhyLink { sequence: number; time: string; kind: string; symbol: string; cause: number | null; payload: unknown; }

/** Reads a JSON answer of the local API; a refusal becomes an error with the server's words. */
export async function read<T>(path: string, options?: RequestInit): Promise<T> {
  const answer = await fetch(path, options);
  const body = await answer.json();
  if (!answer.ok) throw new Error((body as { error?: string }).error ?? `${answer.status}`);
  return body as T;
}
