import { resolve } from 'node:path';
import type { Settings } from '@helios/shared/domain/settings.ts';
import { typedCommand } from '@helios/shared/runtime/cli/command-line.mjs';
import { runCommand } from '@helios/shared/runtime/cli/run-command.ts';
import { credentialQuality, QUALITY_WORDS } from '@helios/shared/runtime/config/credentials.mjs';
import { loadSettings } from '@helios/shared/runtime/config/load-settings.ts';
import { ignoredVariableWarnings } from '@helios/shared/runtime/config/unknown-names.ts';
import { isModelExpected, modelFolderOf } from '@helios/shared/runtime/read-model-folder.ts';
import { checkSettingsFileAccess } from '../settings-file-access.ts';
import { examineAccount } from './examine-account.ts';
import { type DoctorFinding, fault, findingLines, note, sound } from './finding.ts';
import { checkContainer, checkMachine } from './machine-checks.ts';
import { checkModelFiles } from './model-check.ts';
import { checkRedis } from './redis-check.ts';

/** `npm run doctor`: checks everything that live trading needs, and says what to mend. Exit code 1 on a fault. */
async function main(): Promise<number> {
  const root = resolve(import.meta.dirname, '../../../..');
  // Throws with every fault in the settings and how to correct it.
  const { settings, switches } = loadSettings({ env: process.env, root });
  const { binance, system } = settings;
  const dataDir = resolve(root, system.data_dir);
  const findings: DoctorFinding[] = [sound('SETTINGS', 'no faults')];
  const show = (found: readonly DoctorFinding[]): void => {
    findings.push(...found);
    for (const finding of found) for (const line of findingLines(finding)) console.log(line);
  };
  console.log('Checks before live trading:');
  show(checkSettingsFileAccess(root, process.env).map((warning) => note('SETTINGS', warning, 'chmod 600 .env')));
  show(ignoredVariableWarnings(process.env).map((warning) => note('SETTINGS', warning, 'Correct or unset it')));
  const isContainer = process.env['HELIOS_IN_CONTAINER'] === 'true';
  show(isContainer ? checkContainer() : checkMachine(dataDir, resolve(root, system.log_dir)));
  show([await checkRedis(system, dataDir)]);
  const models = modelFolderOf(settings.signals.model_dir, root);
  const isExpected = models !== undefined && isModelExpected(models, settings, root);
  if (!isContainer) show([await checkModelFiles(models, Date.now(), isExpected)]);
  const missing = credentialFaults(binance);
  show(missing);
  if (missing.length === 0) {
    if (!binance.testnet && switches.liveTradingConfirm !== 'mainnet')
      show([
        fault('CONFIRMED', 'mainnet is not confirmed', 'LIVE_TRADING_CONFIRM=mainnet in the environment or in .env'),
      ]);
    show((await examineAccount(settings)).findings);
  }
  return verdict(findings);
}

function credentialFaults({ api_key, api_secret }: Settings['binance']): readonly DoctorFinding[] {
  return (
    [
      ['BINANCE_API_KEY', api_key],
      ['BINANCE_API_SECRET', api_secret],
    ] as const
  ).flatMap(([name, text]) => {
    const quality = credentialQuality(text);
    const fix = 'Make a key on the venue’s page and set both in .env; without keys: npm run rehearse';
    return quality === 'USABLE' ? [] : [fault('KEY', `${name} ${QUALITY_WORDS[quality]}`, fix)];
  });
}

function verdict(findings: readonly DoctorFinding[]): number {
  const faults = findings.filter(({ outcome }) => outcome === 'FAULT').length;
  const unknown = findings.filter(({ outcome }) => outcome === 'UNKNOWN').length;
  if (faults > 0) console.log(`\n${faults} ${faults === 1 ? 'fault' : 'faults'}: live trading does not start.`);
  else if (unknown > 0) console.log(`\n${unknown} checks had no answer. Run ${typedCommand('doctor')} again.`);
  else console.log('\nReady for live trading.');
  return faults + unknown > 0 ? 1 : 0;
}

await runCommand('doctor', main);
