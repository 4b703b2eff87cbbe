/** Layers that are imitated, and what else goes on inside. */

import type { Definition } from '../definitions';

export const INSIDE = {
  'feature-distillation': {
    en: 'Learning from a teacher’s layers in addition to its answers, or before: hidden states, attention, relations. The student’s layer is compared with the teacher’s by a loss of its own.',
    zh: '除答案之外（或在此之前）还向教师的中间层学习：隐藏状态、注意力、关系。学生的层与教师的层之间另有一项损失。',
  },
  'hidden-layer': {
    en: 'A layer between input and output. What it holds for one input is its hidden state; training is told nothing of it, unless a teacher’s is imitated.',
    zh: '输入与输出之间的层。它对一个输入所取的值叫隐藏状态；除非模仿教师的隐藏层，训练不会告诉它该是什么。',
  },
  hint: {
    en: 'A hidden layer of the teacher that the student learns to reproduce in a layer of its own, through a learned projection if the widths differ (FitNets, Romero et al. 2015).',
    zh: '教师的某个隐藏层：学生学着在自己的一层中重现它；宽度不同时，中间加一个可学习的投影（FitNets，Romero 等，2015）。',
    formula: '½ · ‖hₜ − W · hₛ‖²',
  },
  projection: {
    en: 'A matrix that brings a layer of the student to the width of the teacher’s, so that they can be compared. It is learnt beside the student, and thrown away with the end of training.',
    zh: '把学生的一层变成教师那一层宽度的矩阵，使两者可以比较。它与学生一同学习，训练结束就丢弃。',
    formula: '‖hₜ − W · hₛ‖²',
  },
  cosine: {
    en: 'How nearly two layers point the same way, whatever their length: 1 for the same direction, 0 for right angles. One of DistilBERT’s three terms.',
    zh: '两层的方向有多接近，与长度无关：同向为 1，垂直为 0。DistilBERT 三项损失之一。',
    formula: '1 − ⟨a, b⟩ / (‖a‖ · ‖b‖)',
  },
  patient: {
    en: 'Imitating several hidden layers, each scaled to length one, beside soft targets (BERT-PKD, Sun et al. 2019).',
    zh: '在软目标之外，再模仿若干个缩放到单位长度的隐藏层（BERT-PKD，Sun 等，2019）。',
    formula: '‖a / ‖a‖ − b / ‖b‖‖²',
  },
  relations: {
    en: 'Imitating how far apart a teacher holds the inputs of a batch and at which angles, rather than where each one lies (Park et al. 2019).',
    zh: '模仿教师把一批输入放得多远、成什么角度，而不是每个输入在哪里（Park 等，2019）。',
  },
  'attention-map': {
    en: 'How much each patch of a picture looks at each other patch in one head of a transformer. A student can imitate the teacher’s maps as well as its answers (TinyBERT, Jiao et al. 2020).',
    zh: '在 transformer 的一个注意力头里，图片的每一块对其他各块的关注程度。学生除了答案，也可以模仿教师的注意力图（TinyBERT，Jiao 等，2020）。',
  },
  'value-relations': {
    en: 'How alike the values of a transformer’s tokens are to one another in its last block. MiniLM (Wang et al. 2020) imitates these and the attention, whatever the widths.',
    zh: 'Transformer 最后一块里，各个 token 的值彼此有多相似。MiniLM（Wang 等，2020）模仿它和注意力，宽度可以不同。',
    formula: 'softmax(V · Vᵀ / √d)',
  },
  bias: {
    en: 'A number that is added to a unit’s sum whatever the input. That of an output raises or lowers one class for all pictures alike.',
    zh: '不论输入是什么都加到单元总和上的数。输出的偏置使某一类别对所有图片一律升高或降低。',
    formula: 'z = w · x + b',
  },
  'auxiliary-output': {
    en: 'An output that stands for no class. A teacher’s were never trained, and still depend on its weights.',
    zh: '不代表任何类别的输出。教师的辅助输出从未训练过，但仍取决于它的权重。',
  },
  'subliminal-learning': {
    en: 'Taking over from a teacher what the data does not show, by outputs that have nothing to do with it; only where both began with the same weights (Cloud et al. 2025).',
    zh: '通过毫不相干的输出，从教师那里接过数据里没有的东西；只在两者初始权重相同时发生（Cloud 等，2025）。',
  },
} as const satisfies Record<string, Definition>;
