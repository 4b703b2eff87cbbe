/** Weights that are taken over, and weights that are held small. */

import type { HelpLines } from './line';

export const SMALL: HelpLines = {
  Init_seed: {
    en: 'Drawn from this seed, together with the experiment’s.',
    zh: '由这个种子与实验的种子一起抽取。',
  },
  Init_same_as: {
    en: 'Those of the other model: an equal start, for a fair race.',
    zh: '与那个模型的初始权重相同：起点一样，比赛公平。',
  },
  Init_pretrained: {
    en: 'A trained model that comes with the page, or that you have given; it is not trained further.',
    zh: '训练好的模型，随页面提供或由你给出；不再训练。',
  },
  Init_derive: {
    en: 'Those of another model once it is trained, changed by a transform.',
    zh: '等另一个模型训练好，把它的权重变换后拿来用。',
  },
  Derive_from: {
    en: 'The model whose trained weights are taken.',
    zh: '取哪个模型训练好的权重。',
  },
  Derive_by: {
    en: 'What is taken of them, and how it is changed.',
    zh: '取其中哪些，怎样改变。',
  },
  Derive_frozen: {
    en: 'It stays as it was made: it is measured and can teach, but does not train.',
    zh: '保持生成时的样子：参加测量，可以当教师，但不训练。',
  },
  Transform_copy: {
    en: 'All weights, as they are.',
    zh: '全部权重原样照搬。',
  },
  Transform_strongest_units: {
    en: 'The strongest units and channels, for a network that has fewer.',
    zh: '取最强的单元和通道，用于更窄的网络。',
  },
  Transform_copy_layers: {
    en: 'Some of the layers, as DistilBERT took every other one of BERT’s.',
    zh: '取其中一些层，如同 DistilBERT 隔层取自 BERT。',
  },
  Transform_raise_bias: {
    en: 'All weights, with the bias of some classes raised: for classes that were never seen.',
    zh: '全部权重，再提高某些类别的偏置；用于没见过的类别。',
  },
  Transform_factorise: {
    en: 'A perceptron’s weights, each hidden layer as the nearest product of two thin matrices.',
    zh: '感知机的权重，每个隐藏层换成最接近的两个窄矩阵之积。',
  },
  CopyLayers_layers: {
    en: 'For each layer from the input on, which layer of the other model it takes, counted from 0; a dash: none.',
    zh: '从输入起，各层取自那个模型的第几层，从 0 数起；短横表示不取。',
  },
  RaiseBias_classes: {
    en: 'Classes whose bias in the output layer is raised, separated by commas.',
    zh: '在输出层提高哪些类别的偏置，用逗号分隔。',
  },
  RaiseBias_by: {
    en: 'By how much each is raised; a negative number lowers it.',
    zh: '每个提高多少；负数为降低。',
  },
  Theseus_model: {
    en: 'A trained vision transformer with a whole multiple of this model’s blocks, and the same otherwise.',
    zh: '训练好的视觉 Transformer，块数是本模型的整数倍，其余相同。',
  },
  Theseus_probability: {
    en: 'How likely each block stands in for those that it replaces, in each step; it should rise to 1.',
    zh: '每一步中，每个块顶替它所替换的那些块的概率；应当升到 1。',
  },
  Compression_prune: {
    en: 'Some weights are zero, and stay zero.',
    zh: '一部分权重为零，并保持为零。',
  },
  Compression_quantise: {
    en: 'Each weight takes a few bits: it is a whole multiple of a scale.',
    zh: '每个权重只占几位，是比例因子的整数倍。',
  },
  Compression_ternarise: {
    en: 'Each weight is −a, 0 or a.',
    zh: '每个权重只能是 −a、0 或 a。',
  },
  Prune_kept: {
    en: 'Share of the weights that is kept; the others are zero, and what was left out once stays out.',
    zh: '保留的权重所占的比例；其余为零，去掉的不再回来。',
  },
  Prune_scope: {
    zh: '在哪些权重当中选出要保留的。',
  },
  Prune_by: {
    en: 'Which weights stay.',
    zh: '哪些权重留下。',
  },
  Scope_global: {
    en: 'The whole network’s: one layer may keep more than another.',
    zh: '整个网络一起选：各层保留的比例可以不同。',
  },
  Scope_layer: {
    en: 'Each layer by itself: every layer keeps the same share.',
    zh: '每层各自选：各层保留同样的比例。',
  },
  Ranking_magnitude: {
    en: 'The smallest weights go first: they usually matter least.',
    zh: '先去掉绝对值小的，通常影响最小。',
  },
  Ranking_magnitude_of: {
    en: 'Those that are largest in the named model once it is trained, as for a lottery ticket.',
    zh: '留下那个模型训练好之后绝对值最大的，如彩票实验。',
  },
  Ranking_random: {
    en: 'Drawn from the experiment’s seed, to compare with.',
    zh: '由实验的种子抽取，作为对比。',
  },
  Quantise_bits: {
    en: 'Bits that each weight is rounded to: fewer are smaller and coarser; 2 bits are three values.',
    zh: '每个权重舍入到的位数；越少越小，也越粗；2 位有三个值。',
  },
  Quantise_per: {
    en: 'What has a scale of its own: the finer, the nearer to the weights as they were.',
    zh: '多大范围用一个比例因子；分得越细，越接近原来的权重。',
  },
  Quantise_layers: {
    en: 'Bits layer by layer, from the input on; layers beyond the list have the bits of the whole.',
    zh: '从输入起，逐层给出位数；没列到的层用统一的位数。',
  },
  Quantise_activations: {
    en: 'What enters a layer is rounded as well, in training and when the model answers, so it answers in whole numbers; perceptrons and CNNs.',
    zh: '训练和作答时都把进入各层的值舍入，因此作答全用整数运算；只适用于感知机和卷积网络。',
  },
  Ternarise_per: {
    en: 'What has a scale of its own: the finer, the nearer to the weights as they were.',
    zh: '多大范围用一个比例因子；分得越细，越接近原来的权重。',
  },
  Per_tensor: {
    en: 'One scale for all weights of a layer.',
    zh: '一层的全部权重共用一个比例因子。',
  },
  Per_channel: {
    en: 'A scale for the weights into each unit or output channel.',
    zh: '进入每个单元或输出通道的权重各用一个比例因子。',
  },
};
