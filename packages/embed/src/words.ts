/** What the element says by itself, in the page's two languages. */

import type { Failure, Problem } from './contract.js';

export type Language = 'en' | 'zh';

interface Words {
  readonly title: (what: string) => string;
  readonly about: string;
  readonly run: string;
  readonly other: string;
  readonly problem: (problem: Problem) => string;
  readonly noAnswer: (src: string) => string;
  readonly contract: string;
}

/** Names and ranges need no sentence of their own; an address does. */
const listed = (allowed: Problem['allowed']): string =>
  allowed?.code === 'one_of' ? (allowed.names as string[]).join(', ') : `${allowed?.min}–${allowed?.max}`;

const WORDS: Readonly<Record<Language, Words>> = {
  en: {
    title: (what) => (what === '' ? 'Distillery' : `Distillery: ${what}`),
    about: 'A small network learns from a big one, here in your browser.',
    run: 'Run here',
    other: 'Paused: another experiment of this page is running.',
    problem: ({ path, value, allowed }) =>
      allowed?.code === 'address'
        ? `This experiment cannot be shown: its attribute src ${value === '' ? 'is missing' : `is “${value}”`}. Allowed: the http(s) address of a Distillery page.`
        : `The attribute ${path} of this experiment is ignored: “${value}” is not allowed. Allowed: ${listed(allowed)}.`,
    noAnswer: (src) =>
      `This experiment could not be loaded: no Distillery answers at ${src}. Check the connection, then press Run here.`,
    contract:
      'This experiment cannot be shown: the page in the frame is of another version than the script around it.',
  },
  zh: {
    title: (what) => (what === '' ? 'Distillery' : `Distillery：${what}`),
    about: '一个小网络向大网络学习，就在您的浏览器里。',
    run: '在此运行',
    other: '已暂停：本页的另一个实验正在运行。',
    problem: ({ path, value, allowed }) =>
      allowed?.code === 'address'
        ? `无法显示此实验：属性 src ${value === '' ? '缺失' : `为“${value}”`}。允许：一个 Distillery 页面的 http(s) 地址。`
        : `此实验的属性 ${path} 被忽略：不允许“${value}”。允许：${listed(allowed)}。`,
    noAnswer: (src) => `无法加载此实验：${src} 处没有 Distillery 应答。请检查网络连接，然后按“在此运行”。`,
    contract: '无法显示此实验：框架中的页面与外面的脚本版本不同。',
  },
};

export function wordsIn(language: Language): Words {
  return WORDS[language];
}

/** Why the frame is of no use, as a sentence. */
export function failureIn(language: Language, { code }: Failure, src: string): string {
  return code === 'contract' ? WORDS[language].contract : WORDS[language].noAnswer(src);
}
