import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cleanText, MAX_TEXT } from './clean-text.ts';

describe('cleanText', () => {
  it.each([
    ['𝐁𝐢𝐭𝐜𝐨𝐢𝐧 𝐦𝐨𝐨𝐧', 'Bitcoin moon'],
    ['ｓｃａｍ', 'scam'],
    ['s\u200bc\u200da\u2060m', 'scam'],
    ['\u202emoon\u202c \u2066x\u2069', 'moon x'],
    ['s\u00adcam', 'scam'],
    ['z\u0300\u0301\u0302\u0303a\u0300\u0301l', 'zàl'],
    ['profit &amp; loss &#x200B; &lt;3', 'profit & loss <3'],
    ['see [this scam](https://example.com/moon) https://moon.example/x?y=1 www.moon.example now', 'see this scam now'],
    ['> to the moon they said\nI doubt it', 'I doubt it'],
    ['**bold** _claim_ ~~gone~~', 'bold claim gone'],
    ['don’t “panic”', `don't "panic"`],
    ['up/down....where', 'up down where'],
    ['line\u2028one\r\n\r\ntwo\ttabs', 'line one two tabs'],
    ['⠀⠀⠀ hello ㅤ', 'hello'],
  ])('%j becomes %j', (raw, clean) => {
    expect(cleanText(raw)).toBe(clean);
  });

  it('cuts megabytes before it cleans them, and never within a character', () => {
    const huge = `${'🚀'.repeat(2_000_000)}`;
    const began = performance.now();
    const clean = cleanText(`x${huge}`);
    expect(performance.now() - began).toBeLessThan(1_000);
    expect(clean.length).toBeLessThanOrEqual(MAX_TEXT);
    expect(clean.isWellFormed()).toBe(true);
  });

  it.each([
    '('.repeat(100_000),
    '['.repeat(100_000),
    '!?'.repeat(100_000),
    'a'.repeat(1_000_000),
    '\u0300'.repeat(100_000),
  ])('takes no longer for input that is designed to slow it down', (raw) => {
    const began = performance.now();
    cleanText(raw);
    expect(performance.now() - began).toBeLessThan(1_000);
  });

  it('leaves no invisible and no half character', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (raw) => {
        const clean = cleanText(raw);
        expect(clean).not.toMatch(/[\p{Cc}\p{Cs}\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/u);
        expect(clean.isWellFormed()).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });
});
