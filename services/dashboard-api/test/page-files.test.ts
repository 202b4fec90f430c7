import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { PAGE_FILES } from '../src/endpoints/page.ts';

const folder = new URL('../public/', import.meta.url);
const read = (file: string) => readFileSync(new URL(file, folder), 'utf8');

test('the files in public/ are exactly those that are served', () => {
  expect(readdirSync(folder).sort()).toEqual([...PAGE_FILES].sort());
});

test('the page runs no inline script or style and fetches nothing foreign', () => {
  const html = read('index.html');
  expect(html).not.toMatch(/<script(?![^>]*\bsrc=)|<style|\son\w+=|\sstyle=|javascript:/i);
  for (const file of PAGE_FILES.filter((name) => name !== 'icon.svg'))
    expect(read(file)).not.toMatch(/https?:\/\/(?!www\.w3\.org\/2000\/svg)/);
});

test('no script parses text as HTML or as code', () => {
  for (const file of PAGE_FILES.filter((name) => name.endsWith('.js'))) {
    expect(read(file)).not.toMatch(
      /innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|new Function|DOMParser/,
    );
  }
});

test('every element that the scripts use is on the page', () => {
  const html = read('index.html');
  const ids = PAGE_FILES.filter((name) => name.endsWith('.js')).flatMap((file) =>
    [...read(file).matchAll(/(?:byId|setText|showTable)\('([\w-]+)'/g)].map((match) => match[1]),
  );
  expect(ids.length).toBeGreaterThan(20);
  for (const id of ids) expect(html).toContain(`id="${id}"`);
});
