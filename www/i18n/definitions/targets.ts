/** What a student is told: targets, losses, and how they change. */

import type { Definition } from '../definitions';

export const TARGETS = {
  'soft-target': {
    en: 'The probabilities a teacher gives to all ten digits, instead of one right answer. They say how alike the digits look to it: this 2 is a little like a 7.',
    zh: '教师模型给全部十个数字的概率，而不是单一的正确答案。它说明各个数字在教师眼中有多像：这个 2 有点像 7。',
    formula: 'pᵢ = exp(vᵢ / T) / Σⱼ exp(vⱼ / T)',
  },
  'hard-target': {
    en: 'The label alone: probability 1 for the right digit and 0 for the nine others. As a row of numbers it is called one-hot; all wrong classes are treated alike.',
    zh: '只有标签本身：正确的数字概率为 1，其余九个为 0。写成一行数时叫 one-hot；所有错误类别一视同仁。',
  },
  logit: {
    en: 'A network’s raw score for one digit, any number at all. Softmax turns the ten logits into probabilities; only their differences matter.',
    zh: '网络给一个数字的原始分数，可以是任何实数。softmax 把十个 logit 变成概率；起作用的只有它们之间的差。',
  },
  softmax: {
    en: 'Turns logits into probabilities: each is raised to a power of e, and divided by the sum of all. At temperature T the logits are divided by T first.',
    zh: '把 logit 变成概率：各取 e 的幂，再除以总和。温度为 T 时，先把 logit 除以 T。',
    formula: 'qᵢ = exp(zᵢ / T) / Σⱼ exp(zⱼ / T)',
  },
  temperature: {
    en: 'The number T that logits are divided by before softmax. At T = 1 probabilities are as trained; a higher T evens them out, so that small differences between unlikely digits become visible.',
    zh: 'softmax 之前用来除 logit 的数 T。T = 1 时概率与训练时相同；T 越高，概率越平均，不太可能的数字之间的细小差别也就看得见了。',
  },
  't-squared': {
    en: 'What the soft term is multiplied by. Its gradients shrink as 1 / T², so that with the factor labels and teacher keep their shares when T is changed.',
    zh: '软目标项所乘的因子。它的梯度按 1 / T² 缩小；乘上之后，改变 T 时标签与教师的分量不变。',
    formula: 'L = α · H(y, q¹) + (1 − α) · T² · H(pᵀ, qᵀ)',
  },
  'weight-of-labels': {
    en: 'How much the labels count in what the student minimises, from 0 (soft targets only) to 1 (labels only). The soft-target weight is what is left: 1 minus this.',
    zh: '标签在学生所最小化的目标中占多大比重，从 0（只用软目标）到 1（只用标签）。软目标权重就是剩下的部分：1 减去它。',
  },
  'cross-entropy': {
    en: 'The loss −Σ p ln q: how surprised a model with probabilities q is by targets p. With a hard target it is minus the logarithm of the right digit’s probability.',
    zh: '损失 −Σ p ln q：概率为 q 的模型对目标 p 有多“意外”。目标是硬目标时，它就是正确数字概率的负对数。',
    formula: 'H(p, q) = −Σ p ln q',
  },
  'kl-divergence': {
    en: 'KL(teacher‖student) = Σ p ln(p / q): how far the student’s probabilities q are from the teacher’s p, in nats. 0 means equal. It is the cross-entropy less the teacher’s own entropy.',
    zh: 'KL(教师‖学生) = Σ p ln(p / q)：学生的概率 q 离教师的概率 p 有多远，单位奈特。0 表示相同。它等于交叉熵减去教师自身的熵。',
    formula: 'KL(p‖q) = Σ p ln(p / q)',
  },
  'reverse-kl': {
    en: 'KL(student‖teacher), the other way round: it punishes what the student says and the teacher does not. A student too small for everything leaves classes out rather than saying what is false.',
    zh: 'KL(学生‖教师)，方向相反：惩罚学生说了而教师没说的。装不下一切的学生宁可略去一些类别，也不说错的。',
    formula: 'KL(q‖p) = Σ q ln(q / p)',
  },
  'jensen-shannon': {
    en: 'A divergence between the two directions of KL: both sides are compared with a mixture of the two, β of one and 1 − β of the other.',
    zh: '居于两个方向的 KL 之间的散度：两边都与二者的混合相比，一方占 β，另一方占 1 − β。',
    formula: 'JS = β · KL(p‖m) + (1 − β) · KL(q‖m),  m = β·p + (1 − β)·q',
  },
  'logit-matching': {
    en: 'Copying a teacher’s logits by squared error. Soft targets come to the same as T grows without end (Hinton et al. 2015, section 2.1).',
    zh: '用平方误差复制教师的 logit。T 无限增大时，软目标就趋于它（Hinton 等，2015，2.1 节）。',
    formula: 'L = ½ · Σ (zᵢ − vᵢ)²',
  },
  decoupled: {
    en: 'The divergence of soft targets in two parts, how sure the teacher is of the label and how it ranks the other classes, each with a weight of its own (Zhao et al. 2022).',
    zh: '把软目标的散度分成两部分，即教师对标签有多确定、如何给其他类别排序，各有自己的权重（Zhao 等，2022）。',
  },
  entropy: {
    en: 'How unsure a model is: −Σ p ln p over the ten digits, in nats. 0 means certain; ln 10 ≈ 2.30 means that all digits seem equally likely.',
    zh: '模型有多不确定：对十个数字求 −Σ p ln p，单位奈特。0 表示完全确定；ln 10 ≈ 2.30 表示十个数字看起来同样可能。',
    formula: 'H(p) = −Σ p ln p',
  },
  nat: {
    en: 'The unit of information that goes with the natural logarithm. One nat is 1 / ln 2 ≈ 1.44 bits.',
    zh: '以自然对数计量的信息单位。1 奈特 = 1 / ln 2 ≈ 1.44 比特。',
  },
  'label-smoothing': {
    en: 'Taking a share of each label’s probability from the right digit and spreading it evenly over all ten: a teacher that knows nothing about which digits are alike.',
    zh: '从每个标签的正确数字那里拿出一部分概率，平均分给全部十个数字：相当于一位不知道哪些数字相像的教师。',
    formula: 'y′ = (1 − ε) · y + ε / 10',
  },
  ablation: {
    en: 'Taking one part away to see whether it was what helped: for example permuting the probabilities of the other classes, which keeps softness and loses similarity.',
    zh: '去掉某一部分，看起作用的是不是它：例如打乱其余类别的概率，软度还在，相似性却没有了。',
  },
  'teacher-annealing': {
    en: 'Letting the weight of the labels grow from 0 to 1 while a student learns: first the teacher, at the end the labels alone (BAM!, Clark et al. 2019).',
    zh: '训练中让标签的权重从 0 升到 1：先听教师，最后只学标签（BAM!，Clark 等，2019）。',
    formula: 'λ(t): 0 → 1',
  },
  'temperature-annealing': {
    en: 'Letting T fall while a student learns: first the broad picture of which classes are alike, then sharp decisions (Jafari et al. 2021).',
    zh: '训练中让 T 逐渐降低：先学哪些类别相像的大致图景，再学清晰的判断（Jafari 等，2021）。',
    formula: 'T(t): 8 → 1',
  },
  'sequence-level': {
    en: 'Training a language model on whole texts that another one wrote, as if they were labels (Kim and Rush 2016). It needs no probabilities, so that an interface that only writes is enough.',
    zh: '把另一个语言模型写出的整段文字当作标签来训练（Kim 与 Rush，2016）。不需要概率，所以只会写字的接口就够了。',
  },
} as const satisfies Record<string, Definition>;
