/** What is measured, and what this page calls things. */

import type { Definition } from '../definitions';

export const MEASURING = {
  'validation-digits': {
    en: 'Digits that are held out from training. Whatever is chosen, settings or recipes, is chosen on these.',
    zh: '从训练中留出的数字。选设置、选方案，都看它们。',
  },
  'test-digits': {
    en: '10,000 digits that are looked at last. They stay shut until someone opens them; whoever chooses by them has no test any more.',
    zh: '最后才看的一万个数字。在有人打开之前一直不看；按它们做选择，就不再有测试了。',
  },
  'mcnemar-test': {
    en: 'A test for two models on the same digits. It looks only at the digits that exactly one of them gets wrong; p is the probability of a split at least this uneven if both were equally good.',
    zh: '比较两个模型在同一批数字上的表现。只看恰好一个模型出错的数字；p 是两者同样好时，出现至少这样悬殊结果的概率。',
  },
  'confidence-interval': {
    en: 'The range that a 95 % method gives for the true error rate, here Wilson’s: of many such ranges, on fresh test digits each time, about 95 in 100 hold the true value.',
    zh: '95 % 方法（这里用 Wilson 区间）为真实错误率给出的范围：若每次用新的测试数字重复多次，约 100 个这样的区间里有 95 个包含真值。',
  },
  agreement: {
    en: 'The number of test digits on which a student’s first choice is the same as its teacher’s, right or wrong.',
    zh: '学生与教师首选相同的测试数字个数，不论对错。',
  },
  calibration: {
    en: 'Whether a model is right as often as it claims: of the digits it is 80 % sure of, 80 % should be right. The calibration error is the mean gap.',
    zh: '模型的把握与实际正确率是否相符：它有 80 % 把握的那些数字里，应有 80 % 是对的。校准误差是两者的平均差距。',
    formula: 'Σ (nᵦ / n) · |accᵦ − confᵦ|',
  },
  recipe: {
    en: 'A prepared experiment: who teaches whom, on what, how long, with the paper that it comes from.',
    zh: '准备好的实验：谁教谁、用什么、多久，以及它出自哪篇论文。',
  },
  race: {
    en: 'One run of an experiment in which all models train together, step by step, on the same batches in the same order.',
    zh: '实验的一次运行：所有模型一起训练，一步一步，用同样的批次、同样的顺序。',
  },
  sweep: {
    en: 'The same experiment many times, with one or two fields at several values and several seeds.',
    zh: '把同一实验做许多次：一两个字段取几个值，再用几个种子。',
  },
  'run-record': {
    en: 'All that a run leaves behind: config, measures after each epoch, comparisons, where it ran, and a digest.',
    zh: '一次运行留下的一切：配置、每一轮的测量、比较、在哪里运行，以及摘要。',
  },
  digest: {
    en: 'A fingerprint (SHA-256) of a run’s config and results. Two runs of one config on one engine have the same.',
    zh: '一次运行的配置与结果的指纹（SHA-256）。同一配置在同一引擎上运行两次，摘要相同。',
  },
  engine: {
    en: 'What does the arithmetic of training: the processor (CPU) or, by WebGPU, the graphics card. Same experiment, different speed.',
    zh: '执行训练运算的部件：处理器（CPU），或经由 WebGPU 的显卡。实验相同，速度不同。',
  },
  webgpu: {
    en: 'The browser’s way to compute on the graphics card. Not every browser and machine has it; the page then trains on the processor.',
    zh: '浏览器使用显卡进行计算的接口。并非每个浏览器和机器都有；没有时，网页就在处理器上训练。',
  },
} as const satisfies Record<string, Definition>;
