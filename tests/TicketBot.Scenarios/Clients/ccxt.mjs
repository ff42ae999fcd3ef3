// The npm package ccxt (with its streams) over the usual life of an account. Only addresses and keys differ from its use at the real venue.
import ccxt from 'ccxt';
import { expect, finish, step, until } from './life.mjs';

const [rest, ws, key, secret] = process.argv.slice(2);
const symbol = 'BTC/USDT:USDT';
const exchange = new ccxt.pro.bybit({ apiKey: key, secret, options: { defaultType: 'swap' } });
exchange.urls.api = {
  spot: rest, futures: rest, v2: rest, public: rest, private: rest,
  ws: {
    public: Object.fromEntries(['spot', 'inverse', 'option', 'linear'].map((c) => [c, `${ws}/v5/public/${c}`])),
    private: { spot: { unified: `${ws}/v5/private`, nonUnified: `${ws}/v5/private` }, contract: `${ws}/v5/private`, usdc: `${ws}/v5/private`, trade: `${ws}/v5/trade` },
  },
};
await exchange.loadHttpProxyAgent(); // ccxt asks for this before it opens a stream without TLS.

const heard = { orders: [], trades: [], positions: [], balances: [] };
let isOpen = true;
function listen(name, watch) {
  (async () => {
    while (isOpen) {
      try {
        const said = await watch();
        heard[name].push(...(Array.isArray(said) ? said : [said]));
      } catch (fault) {
        if (isOpen) {
          console.log(`${name}: ${fault}`);
        }

        return;
      }
    }
  })();
}

let last = 0;
await step('markets', async () => {
  const markets = await exchange.loadMarkets();
  const market = markets[symbol];
  expect(market?.linear && market.swap && market.precision.amount === 0.001 && market.limits.cost.min === 5, JSON.stringify(market));
  return `${Object.keys(markets).length} markets`;
});
await step('time and unified account', async () => {
  expect(Math.abs(await exchange.fetchTime() - Date.now()) < 5000, 'clock');
  const [, isUnified] = await exchange.isUnifiedEnabled();
  expect(isUnified === true, 'the account is unified');
});
await step('ticker, book, trades, candles, funding', async () => {
  last = (await exchange.fetchTicker(symbol)).last;
  expect(last > 0, 'last price');
  expect(Object.keys(await exchange.fetchTickers([symbol])).length === 1, 'tickers');
  const book = await exchange.fetchOrderBook(symbol, 50);
  expect(book.bids.length === 50 && book.bids[0][0] < book.asks[0][0], 'book');
  expect((await exchange.fetchTrades(symbol)).length > 0, 'trades');
  const newest = await exchange.fetchOHLCV(symbol, '1m', undefined, 50);
  expect(newest.length === 50 && newest[0][0] < newest[49][0], 'candles');
  const paged = await exchange.fetchOHLCV(symbol, '1m', newest[10][0], 5);
  expect(paged.length === 5 && paged[0][0] === newest[10][0], 'candles from a start are the oldest from there');
  expect((await exchange.fetchOHLCV(symbol, '5m', undefined, 10)).length === 10, 'five minutes');
  expect(typeof (await exchange.fetchFundingRate(symbol)).fundingRate === 'number', 'funding rate');
  await exchange.fetchFundingRateHistory(symbol);
  await exchange.fetchOpenInterestHistory(symbol, '1h');
});
await step('balance, fees, leverage, mode', async () => {
  const balance = await exchange.fetchBalance();
  expect(balance.USDT.total > 1000, JSON.stringify(balance));
  expect((await exchange.fetchTradingFee(symbol)).taker === 0.00055, 'taker fee');
  for (const leverage of [3, 4]) {
    await exchange.setLeverage(leverage, symbol).catch((fault) => expect(String(fault).includes('110043'), String(fault)));
  }

  await exchange.setPositionMode(false, symbol).catch((fault) => expect(String(fault).includes('110025'), String(fault)));
});
await step('wrong keys are refused in ccxt\'s own words', async () => {
  const wrong = new ccxt.bybit({ apiKey: key, secret: 'wrong' });
  wrong.urls.api = exchange.urls.api;
  const fault = await wrong.fetchBalance().then(() => null, (e) => e);
  expect(fault instanceof ccxt.AuthenticationError, String(fault));
});
await step('public streams', async () => {
  const ticker = await exchange.watchTicker(symbol);
  expect(ticker.last > 0 && ticker.bid < ticker.ask, JSON.stringify(ticker));
  const book = await exchange.watchOrderBook(symbol, 50);
  const first = book.timestamp;
  await until(async () => (await exchange.watchOrderBook(symbol, 50)).timestamp > first, 'the book to change');
  expect(book.bids[0][0] < book.asks[0][0], 'book is not crossed');
  expect((await exchange.watchTrades(symbol)).length > 0, 'trades');
  expect((await exchange.watchOHLCV(symbol, '1m')).length > 0, 'candles');
});
await step('private streams', async () => {
  listen('orders', () => exchange.watchOrders(symbol));
  listen('trades', () => exchange.watchMyTrades(symbol));
  listen('positions', () => exchange.watchPositions([symbol]));
  listen('balances', () => exchange.watchBalance());
  await new Promise((resolve) => setTimeout(resolve, 1500));
});
const price = (factor) => Number(exchange.priceToPrecision(symbol, last * factor));
const told = (name, check) => until(() => heard[name].find(check), `${name} to tell it`);
let entry;
await step('market order with attached stop fills and is told', async () => {
  entry = await exchange.createOrder(symbol, 'market', 'buy', 0.01, undefined, { stopLoss: { triggerPrice: price(0.9) }, clientOrderId: `ccxt-${Date.now()}` });
  const began = Date.now();
  await told('orders', (o) => o.id === entry.id && o.status === 'closed' && o.filled === 0.01);
  await told('trades', (t) => t.order === entry.id && t.amount === 0.01);
  await told('positions', (p) => p.contracts === 0.01 && p.side === 'long');
  await told('balances', (b) => b.USDT.total > 0);
  return `told ${Date.now() - began} ms after the acknowledgement`;
});
await step('position with its stop', async () => {
  const [position] = await exchange.fetchPositions([symbol]);
  expect(position.contracts === 0.01 && position.stopLossPrice === price(0.9), JSON.stringify(position));
  expect((await exchange.fetchPosition(symbol)).contracts === 0.01, 'one position');
});
await step('limit order rests, is edited and cancelled', async () => {
  const order = await exchange.createOrder(symbol, 'limit', 'buy', 0.01, price(0.97), { postOnly: true });
  await told('orders', (o) => o.id === order.id && o.status === 'open');
  await exchange.editOrder(order.id, symbol, 'limit', 'buy', 0.02, price(0.965));
  await told('orders', (o) => o.id === order.id && o.amount === 0.02);
  expect((await exchange.fetchOpenOrder(order.id, symbol)).amount === 0.02, 'edited');
  await exchange.cancelOrder(order.id, symbol);
  await told('orders', (o) => o.id === order.id && o.status === 'canceled');
  const fault = await exchange.cancelOrder(order.id, symbol).then(() => null, (e) => e);
  expect(fault instanceof ccxt.OrderNotFound, String(fault));
});
await step('conditional order and cancel-all', async () => {
  const waiting = await exchange.createOrder(symbol, 'market', 'buy', 0.01, undefined, { triggerPrice: price(1.1), triggerDirection: 'ascending' });
  await told('orders', (o) => o.id === waiting.id && o.triggerPrice === price(1.1));
  const plain = await exchange.createOrder(symbol, 'limit', 'buy', 0.01, price(0.96));
  await told('orders', (o) => o.id === plain.id && o.status === 'open');
  expect((await exchange.fetchOpenOrders(symbol)).some((o) => o.id === plain.id), 'open orders');
  await exchange.cancelOrder(waiting.id, symbol, { trigger: true });
  await exchange.cancelAllOrders(symbol);
  await told('orders', (o) => o.id === plain.id && o.status === 'canceled');
  await told('orders', (o) => o.id === waiting.id && o.status === 'canceled');
});
await step('several orders at once', async () => {
  const made = await exchange.createOrders([0.96, 0.95].map((f) => ({ symbol, type: 'limit', side: 'buy', amount: 0.01, price: price(f) })));
  expect(made.length === 2 && made.every((o) => o.id), JSON.stringify(made));
  await exchange.cancelOrders(made.map((o) => o.id), symbol);
});
await step('reduce-only close', async () => {
  const close = await exchange.createOrder(symbol, 'market', 'sell', 0.01, undefined, { reduceOnly: true });
  await told('orders', (o) => o.id === close.id && o.status === 'closed');
  await told('positions', (p) => p.contracts === 0);
});
await step('histories', async () => {
  expect((await exchange.fetchClosedOrders(symbol)).some((o) => o.id === entry.id), 'closed orders');
  expect((await exchange.fetchClosedOrder(entry.id, symbol)).filled === 0.01, 'the entry');
  expect((await exchange.fetchMyTrades(symbol)).filter((t) => t.order === entry.id).length === 1, 'my trades');
  expect((await exchange.fetchPositionsHistory([symbol])).length > 0, 'closed positions');
  const ledger = await exchange.fetchLedger('USDT');
  expect(ledger[0].before === 0 && ledger.at(-1).after === (await exchange.fetchBalance()).USDT.total, JSON.stringify(ledger.at(-1)));
  expect((await exchange.fetchMarketLeverageTiers(symbol))[0].maxLeverage === 100, 'tiers');
  expect((await exchange.fetchTradingFees())[symbol].maker === 0.0002, 'fees of all contracts');
});
await step('orders over the trade stream', async () => {
  const order = await exchange.createOrderWs(symbol, 'limit', 'buy', 0.01, price(0.96));
  expect(order.id, JSON.stringify(order));
  await exchange.cancelOrderWs(order.id, symbol);
  await told('orders', (o) => o.id === order.id && o.status === 'canceled');
});
await step('close', async () => {
  isOpen = false;
  await exchange.close();
});
finish();
