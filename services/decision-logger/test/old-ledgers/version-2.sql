-- Recorded by the last program without tables of live trading.
PRAGMA user_version = 2;
BEGIN TRANSACTION;
CREATE TABLE decisions (
  n INTEGER PRIMARY KEY AUTOINCREMENT, decision_id TEXT NOT NULL UNIQUE, day TEXT NOT NULL, ts INTEGER NOT NULL,
  symbol TEXT NOT NULL, direction TEXT NOT NULL, outcome TEXT NOT NULL, realized_pnl REAL, seq INTEGER,
  signal TEXT NOT NULL, doc TEXT NOT NULL);
INSERT INTO "decisions" VALUES(1,'entry-1','2023-11-14',1700000040100,'BTCUSDT','LONG','OPENED',NULL,NULL,'{"signal_id":"entry-1","run":"synthetic:seed:1","symbol":"BTCUSDT","direction":"LONG","timestamp":1700000040100,"ts_init":1700000040100,"confidence":0.6,"nobi_value":-0.8,"entry_price":100,"reason":"bids dominate","model":"none","origin":"ENGINE"}','{"decision_id":"entry-1","signal_id":"entry-1","run":"synthetic:seed:1","symbol":"BTCUSDT","direction":"LONG","outcome":"OPENED","timestamp":1700000040100,"ts_init":1700000040100,"confidence":0.6,"nobi_value":-0.8,"entry_price":100,"reason":"bids dominate","model":"none","origin":"ENGINE","fill_price":100.55542747005,"liquidity":"TAKER","position_size":9.99001,"slippage":4.5497249801,"beyond_book_qty":8.99001}');
INSERT INTO "decisions" VALUES(2,'exit-1','2023-11-14',1700000040200,'BTCUSDT','EXIT_LONG','CLOSED',-11.864786372512,NULL,'{"signal_id":"exit-1","run":"synthetic:seed:1","symbol":"BTCUSDT","direction":"EXIT_LONG","timestamp":1700000040200,"ts_init":1700000040200,"confidence":0.6,"nobi_value":-0.8,"entry_price":100,"reason":"target","model":"none","origin":"ENGINE","exit_reason":"TAKE_PROFIT"}','{"decision_id":"exit-1","signal_id":"exit-1","run":"synthetic:seed:1","symbol":"BTCUSDT","direction":"EXIT_LONG","outcome":"CLOSED","timestamp":1700000040200,"ts_init":1700000040200,"confidence":0.6,"nobi_value":-0.8,"entry_price":100,"reason":"target","exit_reason":"TAKE_PROFIT","model":"none","origin":"ENGINE","fill_price":99.447763631794,"liquidity":"TAKER","position_size":9.99001,"beyond_book_qty":8.99001,"gross_pnl":-11.065572820856,"fees":0.79921355165573,"slippage":9.06757082084,"funding":0,"realized_pnl":-11.864786372512,"trade_origin":"ENGINE"}');
INSERT INTO "decisions" VALUES(3,'entry-2','2023-11-14',1700000040300,'ETHUSDT','LONG','OPENED',NULL,NULL,'{"signal_id":"entry-2","run":"synthetic:seed:1","symbol":"ETHUSDT","direction":"LONG","timestamp":1700000040300,"ts_init":1700000040300,"confidence":0.6,"nobi_value":-0.8,"entry_price":100,"reason":"bids dominate","model":"none","origin":"ENGINE"}','{"decision_id":"entry-2","signal_id":"entry-2","run":"synthetic:seed:1","symbol":"ETHUSDT","direction":"LONG","outcome":"OPENED","timestamp":1700000040300,"ts_init":1700000040300,"confidence":0.6,"nobi_value":-0.8,"entry_price":100,"reason":"bids dominate","model":"none","origin":"ENGINE","fill_price":100.55542747005,"liquidity":"TAKER","position_size":9.99001,"slippage":4.5497249801,"beyond_book_qty":8.99001}');
CREATE TABLE executions (
    n INTEGER PRIMARY KEY AUTOINCREMENT, execution_id TEXT NOT NULL UNIQUE, signal_id TEXT NOT NULL, ts INTEGER NOT NULL,
    symbol TEXT NOT NULL, purpose TEXT NOT NULL, answer TEXT NOT NULL, doc TEXT NOT NULL);
INSERT INTO "executions" VALUES(1,'exit-1#END','exit-1',1700000040200,'BTCUSDT','EXIT','FILLED','{"execution_id":"exit-1#END","run":"synthetic:seed:1","signal_id":"exit-1","symbol":"BTCUSDT","side":"LONG","purpose":"EXIT","ts_event":1700000040200,"ts_init":1700000040200,"answer":"FILLED","fill":{"trade_id":"exit-1","price":99.44,"quantity":9.99001,"fee":0.39,"liquidity":"TAKER","slippage":0}}');
CREATE INDEX executions_by_signal ON executions (signal_id);
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
INSERT INTO "meta" VALUES('chapter','{"settings":{"mode":"HF_MARKET","starting_balance":10000,"position_size":0.01,"position_notional":1000,"taker_fee":0.0004,"maker_fee":0.0002},"decisions_after":0,"trades_after":0}');
INSERT INTO "meta" VALUES('former_ids','[]');
INSERT INTO "meta" VALUES('ledger_id','92e2f417-bfab-4674-af4e-5ef6cb0e9aac');
INSERT INTO "meta" VALUES('run','synthetic:seed:1');
INSERT INTO "meta" VALUES('trading_state','{"kind":"KEPT","state":{"state":"ACTIVE","run":"synthetic:seed:1","reason":"Start pressed","changed_ts":1700000040000,"applied_commands":[]}}');
INSERT INTO "meta" VALUES('version','2');
CREATE TABLE orders (order_id TEXT PRIMARY KEY, symbol TEXT NOT NULL, doc TEXT NOT NULL);
CREATE TABLE positions (symbol TEXT NOT NULL, side TEXT NOT NULL, doc TEXT NOT NULL, PRIMARY KEY (symbol, side));
INSERT INTO "positions" VALUES('ETHUSDT','LONG','{"run":"synthetic:seed:1","symbol":"ETHUSDT","side":"LONG","quantity":9.99001,"entry_price":100.55542747005,"entry_ts":1700000040300,"entry_fee":0.40181989039203,"entry_slippage":4.5497249801,"signal_id":"entry-2","origin":"ENGINE","simulated":true}');
CREATE TABLE refusals (
  n INTEGER PRIMARY KEY AUTOINCREMENT, decision_id TEXT NOT NULL UNIQUE, ts INTEGER NOT NULL, symbol TEXT NOT NULL,
  refused_by TEXT, doc TEXT NOT NULL);
INSERT INTO "refusals" VALUES(1,'refused-1',1700000040400,'BTCUSDT','COOLDOWN','{"decision_id":"refused-1","signal_id":"refused-1","run":"synthetic:seed:1","symbol":"BTCUSDT","direction":"LONG","outcome":"REFUSED","timestamp":1700000040400,"ts_init":1700000040400,"confidence":0.5,"nobi_value":-0.5,"entry_price":100,"reason":"cooling","refused_by":"COOLDOWN","model":"none","origin":"ENGINE"}');
CREATE TABLE trades (
  n INTEGER PRIMARY KEY AUTOINCREMENT, exit_signal_id TEXT NOT NULL UNIQUE, entry_signal_id TEXT NOT NULL,
  symbol TEXT NOT NULL, side TEXT NOT NULL, exit_ts INTEGER NOT NULL, gross_pnl REAL NOT NULL, fees REAL NOT NULL,
  realized_pnl REAL NOT NULL, doc TEXT NOT NULL);
INSERT INTO "trades" VALUES(1,'exit-1','entry-1','BTCUSDT','LONG',1700000040200,-11.065572820856,0.79921355165573,-11.864786372512,'{"run":"synthetic:seed:1","entry_signal_id":"entry-1","exit_signal_id":"exit-1","symbol":"BTCUSDT","side":"LONG","quantity":9.99001,"entry_price":100.55542747005,"exit_price":99.447763631794,"entry_ts":1700000040100,"exit_ts":1700000040200,"exit_reason":"TAKE_PROFIT","gross_pnl":-11.065572820856,"fees":0.79921355165573,"slippage":9.06757082084,"funding":0,"realized_pnl":-11.864786372512,"origin":"ENGINE","simulated":true}');
CREATE INDEX decisions_by_day ON decisions (day, n);
CREATE INDEX decisions_by_outcome ON decisions (outcome);
CREATE INDEX decisions_by_seq ON decisions (seq) WHERE seq IS NOT NULL;
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('decisions',3);
INSERT INTO "sqlite_sequence" VALUES('trades',1);
INSERT INTO "sqlite_sequence" VALUES('refusals',1);
COMMIT;
