/** What the settings beside the race explain, which stand on the page from the first moment; all other lines come later. */

import type { HelpLines } from './line';

export const OF_SETTINGS: HelpLines = {
  Config_seed: {
    en: 'Another seed is another race: other first weights, other batches.',
    zh: '换一个种子就是另一场比赛：不同的初始权重，不同的批次。',
  },
  Data_set: {
    en: 'Where the test digits come from.',
    zh: '测试数字从哪里来。',
  },
  TransferSet_pictures: {
    en: 'Clothes have their labels only where clothes are tested on; else a student hears what its teacher takes them for.',
    zh: '只有用服装测试时，服装才带标签；否则学生只听教师把它们看成什么。',
  },
  TransferSet_digits: {
    en: 'How many training digits everyone learns on.',
    zh: '大家学习多少个训练数字。',
  },
  Training_epochs: {
    zh: '遍历迁移集的次数。',
  },
  Training_batch_size: {
    zh: '一步所用的数字个数。',
  },
  Training_learning_rate: {
    en: 'Size of a step.',
    zh: '每一步的大小。',
  },
  Training_optimiser: {
    zh: '把梯度变成权重更新的规则。',
  },
  Sgd_momentum: {
    en: 'Share of the last change that is kept: 0 is plain descent, more is smoother.',
    zh: '保留上一次更新的比例：0 为普通梯度下降，越大越平滑。',
  },
  Adam_beta_1: {
    en: 'Decay of the mean of gradients: nearer to 1 looks further back.',
    zh: '梯度均值的衰减率：越接近 1，看得越远。',
  },
  Adam_beta_2: {
    en: 'Decay of the mean of squared gradients: nearer to 1 looks further back.',
    zh: '梯度平方均值的衰减率：越接近 1，看得越远。',
  },
  Mlp_hidden: {
    en: 'Units of each hidden layer, separated by commas; none: a linear classifier.',
    zh: '各隐藏层的单元数，用逗号分隔；不填就是线性分类器。',
  },
  Objective_soft: {
    en: 'How the student’s outputs are compared with the teacher’s.',
    zh: '如何比较学生与教师的输出。',
  },
  Objective_temperature: {
    en: 'How soft the teacher’s targets are: 1 as they come, higher shows more of what else a digit looks like.',
    zh: '教师目标的软硬：1 为原样，越高越能看出一个数字还像什么。',
  },
  Objective_hard_weight: {
    en: '0: soft targets only; 1: labels only.',
    zh: '0：只用软目标；1：只用标签。',
  },
  Decoupled_target: {
    en: 'Weight α of the right class against all others together.',
    zh: 'α：正确类别相对其余全部类别的权重。',
  },
  Decoupled_non_target: {
    en: 'Weight β of the other classes among themselves: larger passes on more of how alike digits look.',
    zh: 'β：其余类别之间的权重；越大，传递的暗知识越多。',
  },
  JensenShannon_beta: {
    en: 'Near 0 like KL(teacher‖student), near 1 like KL(student‖teacher), symmetric at 0.5.',
    zh: '接近 0 如 KL(教师‖学生)，接近 1 如 KL(学生‖教师)，0.5 时对称。',
  },
};
