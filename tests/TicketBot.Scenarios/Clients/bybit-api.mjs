// The npm package bybit-api over the usual life of an account. Only addresses and keys differ from its use at the real venue.
import { RestClientV5, WebsocketClient } from 'bybit-api';
import { expect, finish, step, until } from './life.mjs';

const [rest, ws, key, secret] = process.argv.slice(2);
const symbol = 'BTCUSDT';
const category = 'linear';
const settled = { category, symbol };
const client = new RestClientV5({ key, secret, baseUrl: rest, parseAPIRateLimits: true });
const quiet = { trace() {}, info() {}, error(...said) { console.log('client error:', ...said); } };
const heard = {};
const note = (message) => { (heard[message.topic] ??= []).push(message); };
const streams = [];

function stream(path, options) {
  const made = new WebsocketClient({ market: 'v5', wsUrl: ws + path, ...options }, quiet);
  made.on('update', note);
  made.on('exception', (fault) => console.log('stream exception:', JSON.stringify(fault)));
  streams.push(made);
  return made;
}

async function ok(request, what) {
  const answer = await request;
  expect(answer.retCode === 0, `${what}: ${JSON.stringify(answer)}`);
  return answer.result;
}

let last = 0;
await step('server time', async () => {
  const time = await ok(client.getServerTime(), 'time');
  expect(Math.abs(Number(time.timeSecond) - Date.now() / 1000) < 5, `clock ${time.timeSecond}`);
});
await step('instruments', async () => {
  const info = await ok(client.getInstrumentsInfo({ category }), 'instruments');
  expect(info.list.some((i) => i.symbol === symbol && i.lotSizeFilter.qtyStep === '0.001'), JSON.stringify(info));
  expect((await ok(client.getInstrumentsInfo({ category: 'spot' }), 'spot')).list.length === 0, 'spot is empty');
});
await step('klines', async () => {
  const rows = (await ok(client.getKline({ category, symbol, interval: '1', limit: 100 }), 'kline')).list;
  expect(rows.length === 100 && Number(rows[0][0]) > Number(rows[1][0]), 'newest first');
});
await step('mark, index klines, tickers, book, trades, funding', async () => {
  await ok(client.getMarkPriceKline({ category, symbol, interval: '1' }), 'mark');
  await ok(client.getIndexPriceKline({ category, symbol, interval: '1' }), 'index');
  last = Number((await ok(client.getTickers(settled), 'tickers')).list[0].lastPrice);
  const book = await ok(client.getOrderbook({ category, symbol, limit: 50 }), 'book');
  expect(book.b.length === 50 && Number(book.b[0][0]) < Number(book.a[0][0]), 'book is not crossed');
  await ok(client.getPublicTradingHistory({ category, symbol }), 'trades');
  await ok(client.getFundingRateHistory({ category, symbol }), 'funding');
  await ok(client.getRiskLimit({ category, symbol }), 'risk limit');
  await ok(client.getOpenInterest({ category, symbol, intervalTime: '5min' }), 'open interest');
});
await step('key, account, wallet, fees', async () => {
  expect((await ok(client.getQueryApiKey(), 'key')).uta === 1, 'unified');
  expect((await ok(client.getAccountInfo(), 'account')).unifiedMarginStatus >= 3, 'unified');
  const wallet = await ok(client.getWalletBalance({ accountType: 'UNIFIED', coin: 'USDT' }), 'wallet');
  expect(Number(wallet.list[0].totalAvailableBalance) > 1000, JSON.stringify(wallet));
  await ok(client.getFeeRate(settled), 'fees');
});
await step('a wrong secret is 10004, a wrong key 10003', async () => {
  const wrong = new RestClientV5({ key, secret: 'wrong', baseUrl: rest });
  expect((await wrong.getAccountInfo()).retCode === 10004, 'secret');
  const nobody = new RestClientV5({ key: 'nobody', secret, baseUrl: rest });
  expect((await nobody.getAccountInfo()).retCode === 10003, 'key');
});
await step('mode and leverage', async () => {
  const mode = await client.switchPositionMode({ category, symbol, mode: 0 });
  expect([0, 110025].includes(mode.retCode), JSON.stringify(mode));
  const leverage = await client.setLeverage({ category, symbol, buyLeverage: '5', sellLeverage: '5' });
  expect([0, 110043].includes(leverage.retCode), JSON.stringify(leverage));
  expect((await client.setLeverage({ category, symbol, buyLeverage: '5', sellLeverage: '5' })).retCode === 110043, 'again');
});
await step('public streams', async () => {
  const open = stream('/v5/public/linear', {});
  await open.subscribeV5([`kline.1.${symbol}`, `tickers.${symbol}`, `orderbook.1.${symbol}`, `orderbook.50.${symbol}`, `publicTrade.${symbol}`], category);
  for (const topic of [`kline.1.${symbol}`, `tickers.${symbol}`, `orderbook.1.${symbol}`, `orderbook.50.${symbol}`, `publicTrade.${symbol}`]) {
    await until(() => heard[topic]?.length >= 2, topic);
  }
});
await step('private streams', async () => {
  const open = stream('/v5/private', { key, secret });
  await open.subscribeV5(['order', 'execution', 'position', 'wallet'], category);
  await until(() => open.getWsStore().getConnectionState?.('v5Private') || true, 'connection');
  await new Promise((resolve) => setTimeout(resolve, 500));
});
const told = (topic, check) => until(() => heard[topic]?.flatMap((m) => m.data).find(check), `${topic} to tell it`);
const price = (factor) => (Math.round(last * factor * 10) / 10).toFixed(1);
let entry;
await step('market order with attached stop fills and is told', async () => {
  entry = await ok(client.submitOrder({
    category, symbol, side: 'Buy', orderType: 'Market', qty: '0.01', orderLinkId: `life-${Date.now()}`, stopLoss: price(0.9), slTriggerBy: 'LastPrice', tpslMode: 'Full',
  }), 'create');
  const began = Date.now();
  await told('order', (o) => o.orderId === entry.orderId && o.orderStatus === 'Filled');
  await told('execution', (e) => e.orderId === entry.orderId);
  await told('position', (p) => p.size === '0.01' && p.side === 'Buy');
  await told('wallet', (w) => w.coin[0].coin === 'USDT');
  await told('order', (o) => o.stopOrderType === 'StopLoss' && o.orderStatus === 'Untriggered');
  return `told ${Date.now() - began} ms after the acknowledgement`;
});
await step('the same link id again is 110072', async () => {
  const again = await client.submitOrder({ category, symbol, side: 'Buy', orderType: 'Market', qty: '0.01', orderLinkId: entry.orderLinkId });
  expect(again.retCode === 110072, JSON.stringify(again));
});
await step('position and trading stop', async () => {
  const [position] = (await ok(client.getPositionInfo(settled), 'position')).list;
  expect(Number(position.stopLoss) === Number(price(0.9)), JSON.stringify(position));
  await ok(client.setTradingStop({ category, symbol, stopLoss: price(0.85), takeProfit: price(1.2), tpslMode: 'Full', positionIdx: 0 }), 'trading stop');
  await until(async () => {
    const [moved] = (await ok(client.getPositionInfo(settled), 'position')).list;
    return Number(moved.stopLoss) === Number(price(0.85)) && Number(moved.takeProfit) === Number(price(1.2));
  }, 'the stop to move');
});
let resting;
await step('limit order rests, is amended and cancelled', async () => {
  resting = await ok(client.submitOrder({ category, symbol, side: 'Buy', orderType: 'Limit', qty: '0.01', price: price(0.97), timeInForce: 'PostOnly' }), 'limit');
  await told('order', (o) => o.orderId === resting.orderId && o.orderStatus === 'New');
  await ok(client.amendOrder({ category, symbol, orderId: resting.orderId, price: price(0.965), qty: '0.02' }), 'amend');
  await told('order', (o) => o.orderId === resting.orderId && o.qty === '0.02' && Number(o.price) === Number(price(0.965)));
  await ok(client.cancelOrder({ category, symbol, orderId: resting.orderId }), 'cancel');
  await told('order', (o) => o.orderId === resting.orderId && o.orderStatus === 'Cancelled');
  expect((await client.cancelOrder({ category, symbol, orderId: resting.orderId })).retCode === 110001, 'twice');
});
await step('conditional order waits and goes with cancel-all', async () => {
  const waiting = await ok(client.submitOrder({
    category, symbol, side: 'Buy', orderType: 'Market', qty: '0.01', triggerPrice: price(1.1), triggerDirection: 1, triggerBy: 'LastPrice',
  }), 'conditional');
  await told('order', (o) => o.orderId === waiting.orderId && o.orderStatus === 'Untriggered');
  const plain = await ok(client.submitOrder({ category, symbol, side: 'Buy', orderType: 'Limit', qty: '0.01', price: price(0.97) }), 'limit');
  await told('order', (o) => o.orderId === plain.orderId && o.orderStatus === 'New');
  const orders = (await ok(client.getActiveOrders({ ...settled, limit: 50 }), 'realtime')).list;
  expect(orders.some((o) => o.orderId === waiting.orderId) && orders.some((o) => o.orderId === plain.orderId), JSON.stringify(orders));
  await ok(client.cancelAllOrders({ ...settled, orderFilter: 'Order' }), 'cancel all plain');
  await told('order', (o) => o.orderId === plain.orderId && o.orderStatus === 'Cancelled');
  await ok(client.cancelOrder({ category, symbol, orderId: waiting.orderId }), 'cancel conditional');
  await told('order', (o) => o.orderId === waiting.orderId && ['Deactivated', 'Cancelled'].includes(o.orderStatus));
});
await step('batch of orders', async () => {
  const answer = await client.batchSubmitOrders('linear', [0.96, 0.95].map((f) => ({ symbol, side: 'Buy', orderType: 'Limit', qty: '0.01', price: price(f) })));
  expect(answer.retCode === 0 && answer.result.list.length === 2, JSON.stringify(answer));
  expect(answer.retExtInfo.list.every((c) => c.code === 0), JSON.stringify(answer.retExtInfo));
  await ok(client.cancelAllOrders({ category, settleCoin: 'USDT', orderFilter: 'Order' }), 'cancel all');
});
await step('reduce-only close', async () => {
  const close = await ok(client.submitOrder({ category, symbol, side: 'Sell', orderType: 'Market', qty: '0.01', reduceOnly: true }), 'close');
  await told('order', (o) => o.orderId === close.orderId && o.orderStatus === 'Filled');
  await told('position', (p) => p.size === '0');
  await told('order', (o) => ['StopLoss', 'TakeProfit'].includes(o.stopOrderType) && ['Cancelled', 'Deactivated'].includes(o.orderStatus));
  const again = await client.submitOrder({ category, symbol, side: 'Sell', orderType: 'Market', qty: '0.01', reduceOnly: true });
  expect(again.retCode === 110017, JSON.stringify(again));
});
await step('histories', async () => {
  expect((await ok(client.getHistoricOrders(settled), 'history')).list.some((o) => o.orderId === entry.orderId), 'the entry is in the history');
  expect((await ok(client.getExecutionList(settled), 'executions')).list.length >= 2, 'two executions');
  const [closed] = (await ok(client.getClosedPnL(settled), 'closed pnl')).list;
  expect(closed.closedSize === '0.01', JSON.stringify(closed));
  const moves = (await ok(client.getTransactionLog({ accountType: 'UNIFIED', category, currency: 'USDT' }), 'transaction log')).list;
  expect(moves.length >= 2 && moves[0].size === '0', JSON.stringify(moves[0]));
  const [coin] = (await ok(client.getAllCoinsBalance({ accountType: 'UNIFIED', coin: 'USDT' }), 'coins')).balance;
  expect(coin.walletBalance === moves[0].cashBalance, `${coin.walletBalance} is ${moves[0].cashBalance}`);
});
await step('the trade stream takes, amends and cancels an order', async () => {
  const trade = stream('/v5/trade', { key, secret });
  const made = await trade.sendWSAPIRequest('v5PrivateTrade', 'order.create', { category, symbol, side: 'Buy', orderType: 'Limit', qty: '0.01', price: price(0.96) });
  expect(made.retCode === 0, JSON.stringify(made));
  await trade.sendWSAPIRequest('v5PrivateTrade', 'order.amend', { category, symbol, orderId: made.data.orderId, qty: '0.02' });
  await trade.sendWSAPIRequest('v5PrivateTrade', 'order.cancel', { category, symbol, orderId: made.data.orderId });
  await told('order', (o) => o.orderId === made.data.orderId && o.orderStatus === 'Cancelled');
});
await step('unsubscribe and close', async () => {
  await streams[0].unsubscribeV5([`tickers.${symbol}`], category);
  for (const open of streams) {
    open.closeAll(true);
  }
});
finish();
