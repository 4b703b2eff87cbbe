/** Other ways to be small, and what a network takes. */

import type { Definition } from '../definitions';

export const SMALL = {
  compression: {
    en: 'Making a network smaller or faster that does as well, or nearly: distillation, quantisation, pruning, sharing, factorisation, replacing modules.',
    zh: '让网络更小或更快，而效果不变或相差不多：蒸馏、量化、剪枝、共享、分解、模块替换。',
  },
  inference: {
    en: 'Using a trained network: what a visitor waits for. Its time depends on multiply-adds and on the machine, its memory on the weights.',
    zh: '使用训练好的网络，也就是用户所等待的那一步。时间取决于乘加次数和机器，内存取决于权重。',
  },
  'multiply-add': {
    en: 'One multiplication of an activation with a weight, or with another activation, and the addition to its sum. How many the logits of one digit take is the work of a network, whatever machine does it: a convolution uses each weight at many places, so it works more than its weights tell.',
    zh: '激活值与权重（或另一个激活值）相乘一次，并加到总和上。算出一个数字的 logit 需要多少次乘加，就是网络的工作量，与机器无关：卷积在许多位置上使用同一个权重，所以工作量比权重数所显示的大。',
  },
  pruning: {
    en: 'Setting weights to zero and leaving them there, those of the smallest magnitude first: at once, or ever more of them while a network learns (Zhu and Gupta 2018).',
    zh: '把权重设为零并保持为零，绝对值最小的先去掉：可以一次完成，也可以在网络学习时逐渐增多（Zhu 和 Gupta 2018）。',
    formula: 'w ← w · m,  m ∈ {0, 1}',
  },
  sparsity: {
    en: 'The share of weights that are zero. A file need not store them; a machine saves time by them only where its arithmetic can leave them out.',
    zh: '为零的权重所占的比例。文件不必存储它们；机器只有在运算能跳过它们时才会因此变快。',
  },
  'effective-multiply-add': {
    en: 'A multiply-add whose weight is not zero. The others change no sum, so an engine made for sparse weights could leave them out; this page’s engines do not, so that they save no time here.',
    zh: '权重不为零的乘加。其余的不改变任何总和，为稀疏权重而造的引擎可以省去；本页的引擎并不省去，所以在这里不会更快。',
  },
  'lottery-ticket': {
    en: 'A pruned network that begins with the first weights of the network it was cut from and learns as well as that one; the same connections with other first weights do worse (Frankle and Carbin 2019).',
    zh: '从原网络的初始权重出发、剪枝后仍能学得与原网络一样好的子网络；同样的连接换成别的初始权重就差一些（Frankle 和 Carbin 2019）。',
  },
  quantisation: {
    en: 'Rounding weights to whole multiples of a scale, so that each takes a few bits in place of 32 (Zafrir et al. 2019). With b bits there are 2^b − 1 values, as many below zero as above.',
    zh: '把权重舍入为某个比例因子的整数倍，每个权重只占几位而不是 32 位（Zafrir 等 2019）。b 位有 2^b − 1 个值，正负各半。',
    formula: 'w ≈ s · round(w / s)',
  },
  'ternary-weights': {
    en: 'Weights of three values, −a, 0 and a: small ones become zero, the others keep their sign and share one size (Li and Liu 2016).',
    zh: '只取 −a、0 和 a 三个值的权重：小的变为零，其余保留符号、共用一个大小（Li 和 Liu 2016）。',
  },
  'straight-through': {
    en: 'How a rounded network learns: it computes with rounded weights, and their gradient changes the weights behind them as if there were no rounding (Bengio et al. 2013).',
    zh: '舍入后的网络的学习方法：用舍入后的权重计算，梯度则像没有舍入那样去改变其后的原权重（Bengio 等 2013）。',
  },
  'low-rank': {
    en: 'A layer’s weights as the product of two thin matrices: with n inputs, m outputs and rank r it has r·(n + m) weights in place of n·m (Sainath et al. 2013).',
    zh: '把一层的权重写成两个细长矩阵的乘积：n 个输入、m 个输出、秩为 r 时，权重数是 r·(n + m)，而不是 n·m（Sainath 等 2013）。',
    formula: 'W ≈ U · V',
  },
  'cross-layer-sharing': {
    en: 'Several layers with the same weights: the file has them once, while the work stays that of all layers (ALBERT, Lan et al. 2020).',
    zh: '几层使用同一组权重：文件里只有一份，计算量仍是所有层的（ALBERT，Lan 等 2020）。',
  },
  'layer-drop': {
    en: 'Leaving whole layers out at random while a network learns, so that a shallower one can be taken out of it afterwards without training (Fan et al. 2020).',
    zh: '训练时随机略去整层，之后无需再训练就能从中取出更浅的网络（Fan 等 2020）。',
  },
  'module-replacing': {
    en: 'Putting small modules in the place of a trained network’s, one at random in each step and ever more of them, by the loss of the task alone (BERT-of-Theseus, Xu et al. 2020).',
    zh: '用小模块顶替训练好的网络里的模块，每一步随机替换，越来越多，只用任务本身的损失（BERT-of-Theseus，Xu 等，2020）。',
  },
  'pareto-frontier': {
    en: 'The models that no other beats in both respects: whoever makes fewer errors is larger, and whoever is smaller makes more (after Pareto 1906).',
    zh: '在两方面都没有被另一个超过的模型：错误更少的都更大，更小的错误都更多（源自 Pareto 1906）。',
  },
} as const satisfies Record<string, Definition>;
