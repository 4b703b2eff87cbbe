/**
 * Every term of the field that the page uses, as it stands in running text. `<Term id="…">` shows its definition beside the word;
 * whoever adds a term adds it here and in `definitions/`, which no first visit waits for.
 */

/** Languages that every entry is written in. */
export type GlossaryLocale = 'en' | 'zh';

const TERMS = {
  distillation: { en: 'knowledge distillation', zh: '知识蒸馏' },
  teacher: { en: 'teacher', zh: '教师' },
  student: { en: 'student', zh: '学生' },
  control: { en: 'control', zh: '对照' },
  'regularised-control': { en: 'regularised control', zh: '正则化对照' },
  'transfer-set': { en: 'transfer set', zh: '迁移集' },
  generalisation: { en: 'generalisation', zh: '泛化' },
  'dark-knowledge': { en: 'dark knowledge', zh: '暗知识' },
  ensemble: { en: 'ensemble', zh: '集成' },
  'born-again': { en: 'born-again network', zh: '再生网络' },
  'teaching-assistant': { en: 'teaching assistant', zh: '助教' },
  'capacity-gap': { en: 'capacity gap', zh: '容量差距' },
  'multi-task': { en: 'multi-task', zh: '多任务' },
  'transfer-learning': { en: 'transfer learning', zh: '迁移学习' },
  'soft-target': { en: 'soft target', zh: '软目标' },
  'hard-target': { en: 'hard target', zh: '硬目标' },
  logit: { en: 'logit', zh: 'logit（未归一化分数）' },
  softmax: { en: 'softmax', zh: 'softmax' },
  temperature: { en: 'temperature', zh: '温度' },
  't-squared': { en: 'factor T²', zh: 'T² 因子' },
  'weight-of-labels': { en: 'weight of labels', zh: '标签权重' },
  'cross-entropy': { en: 'cross-entropy', zh: '交叉熵' },
  'kl-divergence': { en: 'KL divergence', zh: 'KL 散度' },
  'reverse-kl': { en: 'reverse KL divergence', zh: '反向 KL 散度' },
  'jensen-shannon': { en: 'Jensen–Shannon divergence', zh: 'Jensen–Shannon 散度' },
  'logit-matching': { en: 'logit matching', zh: 'logit 匹配' },
  decoupled: { en: 'decoupled distillation', zh: '解耦蒸馏' },
  entropy: { en: 'entropy', zh: '熵' },
  nat: { en: 'nat', zh: '奈特' },
  'label-smoothing': { en: 'label smoothing', zh: '标签平滑' },
  ablation: { en: 'ablation', zh: '消融' },
  'teacher-annealing': { en: 'teacher annealing', zh: '教师退火' },
  'temperature-annealing': { en: 'temperature annealing', zh: '温度退火' },
  'sequence-level': { en: 'sequence-level distillation', zh: '序列级蒸馏' },
  'feature-distillation': { en: 'feature distillation', zh: '特征蒸馏' },
  'hidden-layer': { en: 'hidden layer', zh: '隐藏层' },
  hint: { en: 'hint', zh: '提示层' },
  projection: { en: 'projection', zh: '投影' },
  cosine: { en: 'cosine of hidden layers', zh: '隐藏层余弦' },
  patient: { en: 'patient distillation', zh: '耐心蒸馏' },
  relations: { en: 'relational distillation', zh: '关系蒸馏' },
  'attention-map': { en: 'attention map', zh: '注意力图' },
  'value-relations': { en: 'value relations', zh: '值关系' },
  bias: { en: 'bias', zh: '偏置' },
  'auxiliary-output': { en: 'auxiliary output', zh: '辅助输出' },
  'subliminal-learning': { en: 'subliminal learning', zh: '潜意识学习' },
  perceptron: { en: 'perceptron (MLP)', zh: '感知机（MLP）' },
  cnn: { en: 'convolutional network (CNN)', zh: '卷积网络（CNN）' },
  'vision-transformer': { en: 'vision transformer', zh: '视觉 Transformer' },
  lstm: { en: 'LSTM', zh: 'LSTM' },
  weight: { en: 'weight', zh: '权重' },
  epoch: { en: 'epoch', zh: '轮' },
  batch: { en: 'batch', zh: '批次' },
  gradient: { en: 'gradient', zh: '梯度' },
  optimiser: { en: 'optimiser', zh: '优化器' },
  'learning-rate': { en: 'learning rate', zh: '学习率' },
  'layerwise-rate': { en: 'layerwise learning rate', zh: '逐层学习率' },
  schedule: { en: 'schedule', zh: '变化曲线' },
  seed: { en: 'seed', zh: '随机种子' },
  'over-fitting': { en: 'over-fitting', zh: '过拟合' },
  regularisation: { en: 'regularisation', zh: '正则化' },
  dropout: { en: 'dropout', zh: '随机失活' },
  'weight-decay': { en: 'weight decay', zh: '权重衰减' },
  'early-stop': { en: 'early stop', zh: '早停' },
  augmentation: { en: 'transfer set changes', zh: '迁移集的改动' },
  mixup: { en: 'mixup', zh: 'mixup' },
  'label-noise': { en: 'label noise', zh: '标签噪声' },
  unlabelled: { en: 'unlabelled digits', zh: '无标签数字' },
  checkpoint: { en: 'checkpoint', zh: '检查点' },
  compression: { en: 'model compression', zh: '模型压缩' },
  inference: { en: 'inference', zh: '推理' },
  'multiply-add': { en: 'multiply-add', zh: '乘加' },
  pruning: { en: 'pruning', zh: '剪枝' },
  sparsity: { en: 'sparsity', zh: '稀疏度' },
  'effective-multiply-add': { en: 'effective multiply-add', zh: '有效乘加' },
  'lottery-ticket': { en: 'lottery ticket', zh: '彩票（中奖子网络）' },
  quantisation: { en: 'quantisation', zh: '量化' },
  'ternary-weights': { en: 'ternary weights', zh: '三值权重' },
  'straight-through': { en: 'straight-through gradient', zh: '直通梯度' },
  'low-rank': { en: 'low-rank factorisation', zh: '低秩分解' },
  'cross-layer-sharing': { en: 'cross-layer sharing', zh: '跨层共享' },
  'layer-drop': { en: 'LayerDrop', zh: 'LayerDrop' },
  'module-replacing': { en: 'module replacing', zh: '模块替换' },
  'pareto-frontier': { en: 'Pareto frontier', zh: '帕累托前沿' },
  'validation-digits': { en: 'validation digits', zh: '验证数字' },
  'test-digits': { en: 'test digits', zh: '测试数字' },
  'mcnemar-test': { en: 'McNemar’s test', zh: 'McNemar 检验' },
  'confidence-interval': { en: 'confidence interval', zh: '置信区间' },
  agreement: { en: 'agreement', zh: '一致数' },
  calibration: { en: 'calibration', zh: '校准' },
  recipe: { en: 'recipe', zh: '方案' },
  race: { en: 'race', zh: '比赛' },
  sweep: { en: 'sweep', zh: '扫描' },
  'run-record': { en: 'run record', zh: '运行记录' },
  digest: { en: 'digest', zh: '摘要' },
  engine: { en: 'engine', zh: '引擎' },
  webgpu: { en: 'WebGPU', zh: 'WebGPU' },
} as const satisfies Record<string, Readonly<Record<GlossaryLocale, string>>>;

/** Name of a glossary entry. */
export type TermId = keyof typeof TERMS;

/** Every entry's name. */
export const TERM_IDS = Object.keys(TERMS) as readonly TermId[];

/** The reader's language, as far as the glossary has it: any Chinese is Chinese, and what it lacks gets English. */
export function glossaryLocale(locale: string): GlossaryLocale {
  return locale.startsWith('zh') ? 'zh' : 'en';
}

/** A term in the reader's language. */
export function termWords(id: TermId, locale: string): string {
  return TERMS[id][glossaryLocale(locale)];
}
