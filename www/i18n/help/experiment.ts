/** What all models share: data, transfer sets, and how long and by what steps is learnt. */

import type { HelpLines } from './line';

export const EXPERIMENT: HelpLines = {
  Config_version: {
    en: 'Version of the format that this is written in: 1.',
    zh: '配置格式的版本，目前为 1。',
  },
  Config_data: {
    zh: '用哪些数字，怎样划分。',
  },
  Config_transfer_set: {
    zh: '所有模型学习所用的数字；有自己迁移集的模型除外。',
  },
  Config_training: {
    zh: '所有模型的训练方式；有自己训练方式的模型除外。',
  },
  Config_models: {
    en: 'The models by their names, in the order in which they train within a step.',
    zh: '各个模型及其名字；每一步按这个顺序训练。',
  },
  Data_validation: {
    en: 'How many training digits, from the end, are held out for validation: to choose settings by.',
    zh: '从训练数字的末尾留出多少个用于验证，供选择设置时参考。',
  },
  Data_evaluate_on: {
    en: 'Which digits errors are counted on: validation digits to tune, test digits to report.',
    zh: '在哪些数字上统计错误：调设置用验证数字，报告结果用测试数字。',
  },
  Data_evaluated: {
    en: 'How many digits errors are counted on, from the first on: more are surer and slower.',
    zh: '用多少个数字统计错误，从第一个起；越多越准，也越慢。',
  },
  Data_training_evaluated: {
    en: 'Training digits on which each model is measured too after every epoch: the gap to the test shows over-fitting.',
    zh: '每轮之后再用多少个学过的数字测量；与测试的差距体现过拟合。',
  },
  DataSet_mnist: {
    zh: 'MNIST：60,000 个训练数字，10,000 个测试数字，28×28 灰度像素。',
  },
  DataSet_own: {
    en: 'MNIST to learn on, and the idx files that you have given to test on.',
    zh: '用 MNIST 学习，用你给的 idx 文件测试。',
  },
  DataSet_fashion: {
    zh: 'Fashion-MNIST：十类服装，20,000 张训练图片，10,000 张测试图片。',
  },
  EvaluateOn_test: {
    en: 'To report results; settings should not be chosen by them.',
    zh: '用来报告结果；不要按它们选设置。',
  },
  EvaluateOn_validation: {
    en: 'Held out from training, to tune by; the test digits stay shut until the end.',
    zh: '从训练中留出，用来调设置；测试数字到最后才打开。',
  },
  TransferSet_leave_out: {
    en: 'A class that is switched off never appears in training, whether with a label or without.',
    zh: '关掉的类别在训练中从不出现，不论有没有标签。',
  },
  TransferSet_jitter_px: {
    en: 'Every digit is shifted by up to this many pixels each way, anew each epoch: helps against over-fitting.',
    zh: '每一轮把每个数字随机平移，各方向最多这么多像素；可以减轻过拟合。',
  },
  TransferSet_unlabelled: {
    en: 'Share of the digits whose label is hidden: only a teacher speaks of them.',
    zh: '隐藏标签的数字所占的比例；这些数字只能跟教师学。',
  },
  TransferSet_label_noise: {
    en: 'Share of the digits whose label is another class, the same in every epoch; errors are counted by true labels.',
    zh: '标签被换成其他类别的数字所占的比例，每一轮都相同；错误按真实标签统计。',
  },
  TransferSet_augment: {
    zh: '每一轮怎样改动数字；多种改动依次进行。',
  },
  TransferSet_mixup_alpha: {
    en: 'Digits and labels are mixed in pairs, in shares from Beta(α, α). 0: not at all; 1: any share; larger: nearer to half and half.',
    zh: '把数字及其标签两两混合，比例从 Beta(α, α) 抽取。0：不混合；1：任何比例同样可能；越大越接近各半。',
  },
  Pictures_of_set: {
    en: 'The training pictures of the set that is tested on.',
    zh: '测试所用那一套的训练图片。',
  },
  Pictures_mnist: {
    zh: 'MNIST 的训练数字。',
  },
  Pictures_fashion: {
    en: '20,000 pictures of clothes. Unless clothes are tested on too, their labels stay hidden.',
    zh: '20,000 张服装图片。除非也用服装测试，否则不给标签。',
  },
  Pictures_own: {
    en: 'The idx files that you have given; labels 0 to 9 are taken as classes.',
    zh: '你给的 idx 文件；标签 0 到 9 作为类别。',
  },
  Augmentation_by: {
    en: 'What is done to a digit.',
    zh: '对数字做什么改动。',
  },
  Augmentation_share: {
    en: 'How likely a digit is changed in an epoch.',
    zh: '一轮中，一个数字被改动的概率。',
  },
  Change_mask_patch: {
    en: 'A square of the digit is blanked, as words are masked to distil BERT.',
    zh: '把数字的一个方块涂成空白，如同蒸馏 BERT 时遮住单词。',
  },
  Change_swap_patch: {
    en: 'A square comes from another digit of the class; digits without a label stay as they are.',
    zh: '一个方块换成同类另一个数字的；没有标签的数字保持不变。',
  },
  Change_crop: {
    en: 'Only a window of the digit is left; the rest is blank.',
    zh: '只留数字的一个窗口，其余为空白。',
  },
  Change_noise: {
    en: 'Every pixel is drawn at random: nothing of the digit is left.',
    zh: '每个像素都随机抽取，数字本身一点不剩。',
  },
  Training_weight_decay: {
    en: 'Pulls every weight towards zero at each step (L2): more helps against over-fitting, too much hinders.',
    zh: '每一步把权重往零拉（L2）：大一些可减轻过拟合，太大则学不动。',
  },
  Training_layer_decay: {
    en: 'Each layer learns at this times the rate of the layer above it: smaller leaves layers near the input more as they are.',
    zh: '每层的学习率是上一层的这么多倍；越小，靠近输入的层变动越少。',
  },
  Training_max_norm: {
    en: 'How long the vector of weights into one fully connected unit may grow: shorter holds the network back more.',
    zh: '进入一个全连接单元的权重向量最长可以多长；越短，约束越强。',
  },
  Training_early_stop: {
    en: 'Training stops when validation errors have not fallen for so many epochs; the last epoch’s weights count.',
    zh: '验证错误连续这么多轮没有下降就停止训练；以最后一轮的权重为准。',
  },
  Optimiser_sgd: {
    en: 'A step against the gradient, with momentum: plain, and in need of a well-chosen rate.',
    zh: '沿梯度的反方向走一步，带动量；朴素，但学习率要选好。',
  },
  Optimiser_adam: {
    en: 'Scales each weight’s step by how large its gradients have been: needs little tuning.',
    zh: '按各权重以往梯度的大小调整步长，几乎不用调。',
  },
  TaskSet_task: {
    en: 'What the model is asked of a digit.',
    zh: '就一个数字问模型什么。',
  },
  TaskSet_digits: {
    en: 'How many digits it is asked of, from the first on; left out: all. A task of more digits is asked more often.',
    zh: '这个任务用多少个数字，从第一个起；不写则用全部。数字越多，问得越频繁。',
  },
  Task_digit: {
    en: 'Which of the ten digits it is.',
    zh: '是十个数字中的哪一个。',
  },
  Task_parity: {
    zh: '偶数（类别 0）还是奇数（类别 1）。',
  },
  Task_below_five: {
    zh: '小于 5（类别 0）还是不小于 5（类别 1）。',
  },
};
