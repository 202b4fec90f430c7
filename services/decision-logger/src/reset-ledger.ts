import { putDailyFilesAside } from './csv-export.ts';
import { resetStamp } from './ledger/ledger-file.ts';
import { openLedger } from './ledger/open-ledger.ts';

/**
 * `npm run account -- reset` runs this if no fleet uses the account. Arguments: ledger, run, folder of the daily files,
 * and `force`.
 */
function resetLedger([path = '', run = '', csvFolder = '', force]: readonly string[]): string {
  const ledger = openLedger(path, run);
  try {
    const { positions, resting } = ledger.state();
    if (positions.length + resting.length > 0 && force !== 'force') {
      throw new Error(
        `${positions.length} positions and ${resting.length} orders are open. Start the fleet and press Flatten, or reset with --force: nothing then closes them.`,
      );
    }
    const stamp = resetStamp(Date.now());
    putDailyFilesAside(csvFolder, run, stamp);
    return ledger.startOver(stamp);
  } finally {
    ledger.close();
  }
}

try {
  console.log(resetLedger(process.argv.slice(2)));
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
