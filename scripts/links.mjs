// Finds links between the pages of the docs that lead nowhere: to a file that is not there, or a heading that is not in it.

import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

const LINK = /\]\(([^)\s]+)\)/g;

/** Text without what is code, where brackets mean something else. */
const prose = (text) => text.replace(/^```[\s\S]*?^```/gm, '').replace(/`[^`\n]*`/g, '');

/** The anchors of a page, as GitHub makes them of its headings. */
function anchors(file) {
  const headings = readFileSync(file, 'utf8').matchAll(/^#+\s+(.*)$/gm);
  return new Set(
    Array.from(headings, ([, heading]) =>
      heading
        .trim()
        .toLowerCase()
        .replace(/[^\p{L}\p{N}\s_-]/gu, '')
        .replaceAll(' ', '-'),
    ),
  );
}

/** What is wrong with a link of a file, if anything is. Addresses of other sites are not looked up. */
function fault(file, link) {
  if (/^[a-z]+:/.test(link)) return null;
  const [path, anchor] = decodeURIComponent(link).split('#');
  const target = path ? normalize(join(dirname(file), path)) : file;
  if (!existsSync(target)) return 'no such file';
  if (anchor && target.endsWith('.md') && !anchors(target).has(anchor)) return 'no such heading';
  return null;
}

const files = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '*.md'], { encoding: 'utf8' });
const dead = files
  .trim()
  .split('\n')
  .filter((file) => existsSync(file))
  .flatMap((file) =>
    Array.from(prose(readFileSync(file, 'utf8')).matchAll(LINK), ([, link]) => ({
      file,
      link,
      why: fault(file, link),
    })),
  )
  .filter(({ why }) => why);
for (const { file, link, why } of dead) console.error(`${file}: ${link}: ${why}`);
process.exitCode = dead.length ? 1 : 0;
