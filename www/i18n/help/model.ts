/** A model: its network, where it begins, who teaches it. */

import type { HelpLines } from './line';

export const MODEL: HelpLines = {
  Model_net: {
    en: 'A network of its own, or that of another model.',
    zh: '自己的网络，或与另一个模型相同的网络。',
  },
  Model_tasks: {
    en: 'What it tells of a digit; of several tasks, each digit of a batch is asked one. Errors are those of the first.',
    zh: '模型要回答什么。有多个任务时，批次中每个数字只问一个；错误按第一个任务统计。',
  },
  Model_init: {
    en: 'Where its first weights come from; left out: drawn from the experiment’s seed.',
    zh: '初始权重从哪里来；不写则由实验的种子抽取。',
  },
  Model_learns_from: {
    en: 'Who teaches it; without a teacher it learns from labels alone.',
    zh: '由谁来教；没有教师就只从标签学习。',
  },
  Model_combine: {
    zh: '多位教师的回答怎样合成一个。',
  },
  Model_objective: {
    zh: '向教师学什么，标签占多大比重。',
  },
  Model_compress: {
    en: 'What its weights are held to, while it learns and afterwards; pruning comes before rounding.',
    zh: '学习时和学完后，权重要满足的约束；先剪枝，再舍入。',
  },
  Model_replaces: {
    zh: '在一个训练好的 Transformer 中，逐块顶替它来学习。',
  },
  Model_transfer_set: {
    zh: '它自己的迁移集，代替整个实验的。',
  },
  Model_training: {
    zh: '它自己的训练方式，代替整个实验的。',
  },
  SameAs_same_as: {
    en: 'The model whose network it has, with weights of its own.',
    zh: '与哪个模型的网络相同；权重各有各的。',
  },
  Source_model: {
    en: 'The model that teaches.',
    zh: '由哪个模型来教。',
  },
  Source_weight: {
    zh: '多位教师取平均时，它所占的分量。',
  },
  Combine_mean_of_probabilities: {
    en: 'The weighted mean of the teachers’ softened probabilities.',
    zh: '各教师软化后概率的加权平均。',
  },
  Combine_mean_of_logits: {
    en: 'The weighted mean of the teachers’ logits, softened afterwards.',
    zh: '各教师 logit 的加权平均，之后再软化。',
  },
  Net_mlp: {
    en: 'Fully connected layers with ReLU between them.',
    zh: '全连接层，层间用 ReLU。',
  },
  Net_cnn: {
    en: 'Convolutions with ReLU and 2×2 max-pooling, then fully connected layers.',
    zh: '卷积、ReLU 和 2×2 最大池化，之后是全连接层。',
  },
  Net_vit: {
    en: 'Self-attention between 16 patches of 7×7 pixels.',
    zh: '在 16 个 7×7 像素的图块之间做自注意力。',
  },
  Net_rnn: {
    en: 'A bidirectional LSTM that reads the digit row by row.',
    zh: '双向 LSTM，逐行读数字。',
  },
  Mlp_rank: {
    en: 'Each hidden layer’s weights are the product of two thin matrices: a lower rank has fewer weights.',
    zh: '每个隐藏层的权重是两个窄矩阵之积；秩越低，权重越少。',
  },
  Mlp_dropout: {
    en: 'How likely a hidden unit is dropped in a training step: more helps against over-fitting.',
    zh: '每个训练步中，一个隐藏单元被丢弃的概率；越大，越能抑制过拟合。',
  },
  Mlp_input_dropout: {
    en: 'How likely a pixel is dropped in a training step.',
    zh: '每个训练步中，一个像素被丢弃的概率。',
  },
  Mlp_auxiliary: {
    en: 'Outputs beside the ten classes that stand for nothing; a student can imitate them (subliminal learning).',
    zh: '十个类别之外、不代表任何东西的输出；学生可以模仿它们（潜意识学习）。',
  },
  Cnn_channels: {
    en: 'Channels of each convolution, from the input on, separated by commas: more see more, and take longer.',
    zh: '从输入起各卷积层的通道数，用逗号分隔；越多看得越细，也越慢。',
  },
  Cnn_kernel: {
    en: 'Side of the square kernels: larger ones see more of the digit at once.',
    zh: '方形卷积核的边长；越大，一次看到的范围越大。',
  },
  Cnn_hidden: {
    en: 'Units of each fully connected hidden layer after the convolutions, separated by commas.',
    zh: '卷积之后各全连接隐藏层的单元数，用逗号分隔。',
  },
  Cnn_dropout: {
    en: 'How likely a value that enters a fully connected layer is dropped in a training step.',
    zh: '每个训练步中，进入全连接层的一个值被丢弃的概率。',
  },
  Cnn_input_dropout: {
    en: 'How likely a pixel is dropped in a training step.',
    zh: '每个训练步中，一个像素被丢弃的概率。',
  },
  Vit_width: {
    en: 'Values of each token; a multiple of the number of heads.',
    zh: '每个词元有多少个值；须是注意力头数的整数倍。',
  },
  Vit_depth: {
    en: 'Blocks, one behind the other: more are abler, and slower.',
    zh: '前后相接的块数；越多能力越强，也越慢。',
  },
  Vit_shared: {
    en: 'All blocks have the weights of one: fewer weights, as many multiply-adds.',
    zh: '所有块用同一个块的权重：权重更少，乘加次数不变。',
  },
  Vit_heads: {
    en: 'Heads of self-attention in each block; each can look at other patches.',
    zh: '每个块的自注意力头数；各个头可以关注不同的图块。',
  },
  Vit_mlp_width: {
    zh: '每个块中感知机的隐藏单元数。',
  },
  Vit_dropout: {
    en: 'How likely a value of a token, or behind a fully connected layer, is dropped in a training step.',
    zh: '每个训练步中，词元的或全连接层之后的一个值被丢弃的概率。',
  },
  Vit_input_dropout: {
    en: 'How likely a pixel is dropped in a training step.',
    zh: '每个训练步中，一个像素被丢弃的概率。',
  },
  Vit_layer_drop: {
    en: 'How likely a block is left out of a training step; predictions use all blocks.',
    zh: '每个训练步中略过一个块的概率；预测时使用所有块。',
  },
  Rnn_units: {
    en: 'Units of the LSTM in each direction of reading.',
    zh: 'LSTM 每个阅读方向上的单元数。',
  },
  Rnn_dropout: {
    en: 'How likely a unit of the last states is dropped in a training step.',
    zh: '每个训练步中，最后状态的一个单元被丢弃的概率。',
  },
  Rnn_input_dropout: {
    en: 'How likely a pixel is dropped in a training step.',
    zh: '每个训练步中，一个像素被丢弃的概率。',
  },
};
