/** Who takes part, and what is handed on. */

import type { Definition } from '../definitions';

export const ROLES = {
  distillation: {
    en: 'Training a small model to do what a large one, or several, can: it learns from their outputs, or from what goes on inside them, and not from labels alone (Hinton et al. 2015).',
    zh: '训练一个小模型去做大模型（或多个模型）能做的事：学习它们的输出或内部，而不只是标签（Hinton 等，2015）。',
  },
  teacher: {
    en: 'A trained model whose outputs another model learns from. Here usually a larger one that makes few errors.',
    zh: '已训练好、供另一个模型学习其输出的模型。这里通常更大，错误很少。',
  },
  student: {
    en: 'A model, usually a small one, that learns from a teacher’s soft targets, often together with the labels.',
    zh: '从教师的软目标学习的模型，通常较小，往往同时也学习标签。',
  },
  control: {
    en: 'The student’s twin: the same network, the same first weights, the same batches, but taught by labels alone. The difference between the two is what the teacher was worth.',
    zh: '学生的孪生模型：同样的网络、同样的初始权重、同样的批次，但只从标签学习。两者之差就是教师的价值。',
  },
  'regularised-control': {
    en: 'A control with means of its own against over-fitting: shifted digits, dropout, smoothed labels. A student that beats the plain control alone may owe that to any of these.',
    zh: '另有防止过拟合手段的对照：平移数字、随机失活、平滑标签。只赢过普通对照的学生，功劳也可能属于这些手段。',
  },
  'transfer-set': {
    en: 'The digits on which the student learns from its teacher. It can be smaller than the teacher’s own training set, or lack whole classes.',
    zh: '学生向教师学习时所用的数字。它可以比教师自己的训练集小，也可以缺少整个类别。',
  },
  generalisation: {
    en: 'Doing well on inputs that were not learnt on. It is what a student should take over from its teacher: not what the teacher remembers of its own pictures.',
    zh: '在没学过的输入上也做得好。学生该从教师那里接过来的就是它，而不是教师记住的那些图片。',
  },
  'dark-knowledge': {
    en: 'What a teacher knows of the wrong classes, also called negative labels: that this 2 is more like a 3 than like a 7. Labels have nothing of it, and at T = 1 it is hard to see.',
    zh: '教师关于错误类别（也叫负标签）的知识：这个 2 更像 3 而不是 7。标签里没有，在 T = 1 时也很难看见。',
  },
  ensemble: {
    en: 'Several models whose answers are averaged. Together they make fewer errors than each alone; one student can learn what they say as one.',
    zh: '把多个模型的回答取平均。合在一起比各自单独的错误少；一个学生可以学习它们的共同回答。',
    formula: 'p = (p₁ + … + pₙ) / n',
  },
  'born-again': {
    en: 'A student of the same size as its teacher. It may teach the next generation in turn, and so on (Furlanello et al. 2018).',
    zh: '与教师同样大小的学生。它还可以再教下一代，依此类推（Furlanello 等，2018）。',
  },
  'teaching-assistant': {
    en: 'A model of middle size that learns from the teacher and then teaches the student, where the step from large to small would be too wide at once (Mirzadeh et al. 2020).',
    zh: '中等大小的模型：先向教师学习，再去教学生，用于大小差距一步跨不过去的时候（Mirzadeh 等，2020）。',
  },
  'capacity-gap': {
    en: 'The distance between a teacher and a student too small for all that it says. Then a less able teacher, an assistant or a lower temperature can teach more.',
    zh: '学生太小、装不下教师所说的一切时，两者之间的差距。这时，稍弱的教师、助教或较低的温度反而教得更多。',
  },
  'multi-task': {
    en: 'One network that answers several questions about its input, with outputs of its own for each: which digit it is, whether it is odd, whether it is below five. What one question teaches the shared layers may help the others.',
    zh: '一个网络回答关于同一输入的多个问题，每个问题有自己的输出：是哪个数字，是奇是偶，是否小于 5。一个问题教给共享层的东西可能帮到其他问题。',
  },
  'transfer-learning': {
    en: 'Using on one task what was learnt on another, mostly by going on with the same weights. Distillation is a relative: it hands on outputs, so that the network may be another.',
    zh: '把在一个任务上学到的用于另一个任务，多半是用同一组权重接着训练。蒸馏是它的近亲：传的是输出，所以网络可以不同。',
  },
} as const satisfies Record<string, Definition>;
