import type { Remark } from '../backtest-report.ts';
import { escapeHtml } from './markup.ts';
import { PAGE_STYLE } from './style.ts';

/** A self-contained page: no script, no network. `body` is HTML below the title. */
export function htmlDocument(title: string, body: string): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>${escapeHtml(title)}</title><style>${PAGE_STYLE}</style></head><body>
<h1>${escapeHtml(title)}</h1>
${body}
</body></html>
`;
}

const WORDS = { GOOD: 'For', BAD: 'Against', DOUBT: 'Doubt', NOTE: 'Note' } as const;

/** Sentences of a verdict as one list. */
export function remarkList(remarks: readonly Remark[]): string {
  const items = remarks.map(
    ({ kind, text }) => `<li class="${kind.toLowerCase()}"><b>${WORDS[kind]}</b><span>${escapeHtml(text)}</span></li>`,
  );
  return `<ul class="verdict">${items.join('')}</ul>`;
}
