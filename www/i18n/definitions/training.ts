/** Networks, and how they learn. */

import type { Definition } from '../definitions';

export const TRAINING = {
  perceptron: {
    en: 'A network whose layers connect every unit with every unit of the layer before. “128, 64” says how many units its hidden layers have.',
    zh: '每个单元都与前一层所有单元相连的网络。“128, 64”表示各隐藏层的单元数。',
  },
  cnn: {
    en: 'A network that looks at every place of a picture through the same small window, so that a stroke is known wherever it stands.',
    zh: '用同一个小窗口去看图片每一处的网络，所以笔画无论在哪里都认得。',
  },
  'vision-transformer': {
    en: 'A transformer on pictures: the digit is cut into patches, and each block lets every patch look at all others. BERT does the same with words.',
    zh: '处理图片的 Transformer：把数字切成小块，每一层让每块看其他各块。BERT 对词做同样的事。',
  },
  lstm: {
    en: 'A network that reads row by row and keeps a memory; a BiLSTM reads in both directions. Distilled BiLSTM (Tang et al. 2019) learnt from BERT.',
    zh: '逐行读入并带有记忆的网络；BiLSTM 从两个方向读。Distilled BiLSTM（Tang 等，2019）向 BERT 学习。',
  },
  weight: {
    en: 'A number that training changes. Their count says how large a network is; each takes four bytes in a file of weights.',
    zh: '训练所改变的数。权重的个数说明网络有多大；在权重文件中每个占四个字节。',
  },
  epoch: {
    en: 'One pass of training through the whole transfer set.',
    zh: '训练完整地过一遍迁移集。',
  },
  batch: {
    en: 'The digits that one training step looks at together. The weights change once a batch.',
    zh: '一个训练步一起看的那些数字。每个批次之后权重更新一次。',
  },
  gradient: {
    en: 'In which direction, and how steeply, the loss rises with each weight. For soft targets at T it is the difference of the probabilities, divided by T.',
    zh: '损失随每个权重朝哪个方向、多陡地上升。对 T 下的软目标，它是两边概率之差除以 T。',
    formula: '∂H / ∂zᵢ = (qᵢ − pᵢ) / T',
  },
  optimiser: {
    en: 'The rule by which gradients change weights. SGD takes a step against the gradient; Adam besides divides by how large gradients have been, so that a factor on the whole loss hardly matters.',
    zh: '用梯度改变权重的规则。SGD 逆着梯度走一步；Adam 还除以梯度一向的大小，所以整个损失乘上一个因子几乎没有影响。',
  },
  'learning-rate': {
    en: 'How far the weights move in one step. Too small is slow; too large overshoots and may never settle.',
    zh: '权重在一步中移动多远。太小则慢；太大则越过目标，可能永远稳定不下来。',
  },
  'layerwise-rate': {
    en: 'A rate that falls from the output to the input: the lower layers, which see what is common to many tasks, change less.',
    zh: '从输出到输入逐层降低的学习率：较低的层看到的是许多任务共有的东西，改变得更少。',
  },
  schedule: {
    en: 'A number that changes over training, such as a learning rate that falls along a cosine or a temperature that falls along a line.',
    zh: '随训练而变的数，例如按余弦下降的学习率，或按直线下降的温度。',
  },
  seed: {
    en: 'The number that everything random starts from: first weights, order of the digits, dropout, jitter. The same seed on the same engine gives the same run.',
    zh: '一切随机性的起点：初始权重、数字的顺序、随机失活、抖动。同一引擎上，同样的种子得到同样的结果。',
  },
  'over-fitting': {
    en: 'Learning the training pictures by heart: their errors fall on while those on others rise, or the network grows too sure of itself.',
    zh: '把训练图片背了下来：训练图片上的错误继续减少，别的图片上却增多，或者网络变得过分自信。',
  },
  regularisation: {
    en: 'Whatever keeps a network from over-fitting: dropout, weight decay, shifted digits, smoothed labels, early stop. Soft targets are one such thing.',
    zh: '一切防止过拟合的手段：随机失活、权重衰减、平移数字、标签平滑、早停。软目标也是其中之一。',
  },
  dropout: {
    en: 'Leaving random units out of each training step, so that none can be relied on alone. It regularises.',
    zh: '每个训练步随机略去一些单元，使网络不依赖任何单个单元。起正则化作用。',
  },
  'weight-decay': {
    en: 'Drawing all weights a little towards zero in each step. It regularises.',
    zh: '每一步把所有权重往零拉一点。起正则化作用。',
  },
  'early-stop': {
    en: 'Ending the training of a model once its validation errors have not fallen for some epochs, and going back to the best of them.',
    zh: '验证错误连续若干轮不再减少时结束训练，并回到最好的那一轮。',
  },
  augmentation: {
    en: 'What is done to the digits before the student sees them: shifted, masked, cropped, patched or mixed with one another, without labels, with wrong ones or with classes left out. The teacher answers for the changed digit.',
    zh: '学生看到数字之前对它们所做的改动：平移、遮挡、裁剪、拼块、互相混合、去掉或改错标签、略去类别。教师针对改动后的数字作答。',
  },
  mixup: {
    en: 'Learning from pictures that are mixtures of two, with targets mixed likewise; a teacher simply answers for the mixture (Zhang et al. 2018).',
    zh: '从两张图片的混合中学习，目标也同样混合；教师则直接对混合图片作答（Zhang 等，2018）。',
  },
  'label-noise': {
    en: 'Labels that are wrong on purpose. Soft targets do not have them, so that a student may do better than its labels would let it.',
    zh: '故意弄错的标签。软目标里没有它们，所以学生可以胜过这些标签所允许的水平。',
  },
  unlabelled: {
    en: 'Pictures whose labels are hidden. A teacher answers for them all the same, which is what makes large transfer sets cheap.',
    zh: '隐藏了标签的图片。教师照样作答，所以大的迁移集很便宜。',
  },
  checkpoint: {
    en: 'A model’s weights saved in a file, so that training can go on or the model can be used elsewhere.',
    zh: '保存在文件中的模型权重，可用来继续训练，或在别处使用该模型。',
  },
} as const satisfies Record<string, Definition>;
