/** Who may import whom. A breach fails the check; so does a run that cruised no module (scripts/launcher/check.mjs counts). */
const src = '^packages/shared/src';
const test = '\\.test\\.ts$|/test/|/testing/';

/** The table "Packages" in CONTRIBUTING.md: a package imports only those named before it. */
const LAYERS = [
  'shared',
  'core',
  'sentiment',
  'binance',
  'market-data',
  'synthetic-market',
  'exchange-simulator',
  'fake-sites',
  'backtest',
  'research',
  'fleet',
];

const importsNothingBelow = (name, index) => ({
  name: `${name}-in-its-layer`,
  severity: 'error',
  from: { path: `^packages/${name}/`, pathNot: test },
  to: { path: `^packages/(${LAYERS.slice(index + 1).join('|')})/` },
});

module.exports = {
  forbidden: [
    {
      name: 'no-cycle',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    { name: 'unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'domain-is-bottom',
      comment: 'domain imports zod only',
      severity: 'error',
      from: { path: `${src}/domain`, pathNot: test },
      to: { pathNot: [`${src}/domain`, 'node_modules/zod'] },
    },
    {
      name: 'contracts-on-domain',
      severity: 'error',
      from: { path: `${src}/contracts`, pathNot: test },
      to: { pathNot: [`${src}/(contracts|domain)`, 'node_modules/zod'] },
    },
    {
      name: 'core-on-domain',
      comment: 'core is pure: it knows domain and itself',
      severity: 'error',
      from: { path: '^packages/core/src', pathNot: test },
      to: { pathNot: `^packages/core/src|${src}/domain` },
    },
    {
      name: 'core-knows-no-mode',
      comment: 'what differs between modes is a field of the trading profile',
      severity: 'error',
      from: { path: '^packages/core/src', pathNot: test },
      to: { path: `${src}/domain/fleet\\.ts$` },
    },
    {
      name: 'sentiment-on-domain',
      comment: 'the scorer is pure; only the lexicon is read from its package',
      severity: 'error',
      from: { path: '^packages/sentiment/src', pathNot: test },
      to: { pathNot: `^packages/sentiment/src|${src}/domain|^(fs|module)$|node_modules/(.pnpm/)?vader-sentiment` },
    },
    {
      name: 'runtime-below-core',
      severity: 'error',
      from: { path: `${src}/runtime`, pathNot: test },
      to: { path: `${src}/testing|^packages/(?!shared)|^services` },
    },
    {
      name: 'testing-in-tests-only',
      severity: 'error',
      from: { pathNot: `${test}|^bench` },
      to: { path: `${src}/testing|^packages/core/src/testing` },
    },
    {
      name: 'services-stand-alone',
      comment: 'a service never imports another one',
      severity: 'error',
      from: { path: '^services/([^/]+)/', pathNot: test },
      to: { path: '^services/([^/]+)/', pathNot: '^services/$1/' },
    },
    {
      name: 'packages-below-services',
      severity: 'error',
      from: { path: '^packages/', pathNot: test },
      to: { path: '^services/' },
    },
    {
      name: 'services-on-few-packages',
      severity: 'error',
      from: { path: '^services/', pathNot: test },
      to: { path: '^packages/(?!shared|core|sentiment|binance|market-data|synthetic-market)' },
    },
    ...LAYERS.slice(0, -1).map(importsNothingBelow),
    {
      name: 'fake-sites-in-tests-only',
      comment: 'the fakes of Reddit and CoinGecko are for tests and benches',
      severity: 'error',
      from: { pathNot: `${test}|^packages/fake-sites/|^tests/|^bench/` },
      to: { path: '^packages/fake-sites/' },
    },
    {
      name: 'one-door-to-redis',
      comment: 'only redis-bus.ts and its parts in runtime/redis/ import ioredis',
      severity: 'error',
      from: { pathNot: `${src}/runtime/redis(-bus\\.ts$|/)|${test}` },
      to: { path: 'node_modules/(.pnpm/)?ioredis' },
    },
  ],
  options: {
    parser: 'swc',
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default'],
      extensions: ['.ts', '.js', '.mjs', '.json'],
    },
  },
};
