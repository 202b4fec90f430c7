const seconds = (since) => `${((Date.now() - since) / 1000).toFixed(1)} s`;

/** Runs a long step; shows its name, progress, and duration on stderr. */
export async function step(title, work) {
  const started = Date.now();
  const terminal = process.stderr.isTTY === true;
  process.stderr.write(terminal ? `  ${title} …` : `  ${title} …\n`);
  const tick = setInterval(
    () => {
      if (terminal) process.stderr.write(`\r  ${title} … ${seconds(started)} `);
      else process.stderr.write(`  ${title}: still running after ${seconds(started)}\n`);
    },
    terminal ? 500 : 10_000,
  );
  try {
    const result = await work();
    process.stderr.write(`${terminal ? '\r' : ''}  ${title}: done in ${seconds(started)}${terminal ? '   ' : ''}\n`);
    return result;
  } catch (error) {
    process.stderr.write(`${terminal ? '\r' : ''}  ${title}: failed after ${seconds(started)}\n`);
    throw error;
  } finally {
    clearInterval(tick);
  }
}

/** The last lines of a program's output, indented, for an error message. */
export const tail = (output, lines = 15) =>
  output
    .trimEnd()
    .split('\n')
    .slice(-lines)
    .map((line) => `    ${line}`)
    .join('\n');
