/**
 * The one glossary: every term of the field that the page uses, defined once in each language.
 * `<Term id="…">` shows an entry beside the word; whoever adds a term adds it here.
 */

/** A term in one language: the word as it stands in running text, and its definition. */
export interface Entry {
  readonly term: string;
  readonly definition: string;
}

/** Languages that every entry is written in. */
export type GlossaryLocale = 'en' | 'zh';

type Translations = Readonly<Record<GlossaryLocale, Entry>>;

const GLOSSARY = {
  'soft-target': {
    en: {
      term: 'soft target',
      definition:
        'The probabilities a teacher gives to all ten digits, instead of one right answer. They say how alike the digits look to it: this 2 is a little like a 7.',
    },
    zh: {
      term: '软目标',
      definition:
        '教师模型给全部十个数字的概率，而不是单一的正确答案。它说明各个数字在教师眼中有多像：这个 2 有点像 7。',
    },
  },
  'hard-target': {
    en: {
      term: 'hard target',
      definition: 'The label alone: probability 1 for the right digit and 0 for the nine others.',
    },
    zh: { term: '硬目标', definition: '只有标签本身：正确的数字概率为 1，其余九个为 0。' },
  },
  logit: {
    en: {
      term: 'logit',
      definition:
        'A network’s raw score for one digit, any number at all. Softmax turns the ten logits into probabilities; only their differences matter.',
    },
    zh: {
      term: 'logit（未归一化分数）',
      definition:
        '网络给一个数字的原始分数，可以是任何实数。softmax 把十个 logit 变成概率；起作用的只有它们之间的差。',
    },
  },
  temperature: {
    en: {
      term: 'temperature',
      definition:
        'The number T that logits are divided by before softmax. At T = 1 probabilities are as trained; a higher T evens them out, so that small differences between unlikely digits become visible.',
    },
    zh: {
      term: '温度',
      definition:
        'softmax 之前用来除 logit 的数 T。T = 1 时概率与训练时相同；T 越高，概率越平均，不太可能的数字之间的细小差别也就看得见了。',
    },
  },
  teacher: {
    en: {
      term: 'teacher',
      definition:
        'A trained model whose outputs another model learns from. Here usually a larger one that makes few errors.',
    },
    zh: { term: '教师', definition: '已训练好、供另一个模型学习其输出的模型。这里通常更大，错误很少。' },
  },
  student: {
    en: {
      term: 'student',
      definition:
        'A model, usually a small one, that learns from a teacher’s soft targets, often together with the labels.',
    },
    zh: { term: '学生', definition: '从教师的软目标学习的模型，通常较小，往往同时也学习标签。' },
  },
  control: {
    en: {
      term: 'control',
      definition:
        'The student’s twin: the same network, the same first weights, the same batches, but taught by labels alone. The difference between the two is what the teacher was worth.',
    },
    zh: {
      term: '对照',
      definition:
        '学生的孪生模型：同样的网络、同样的初始权重、同样的批次，但只从标签学习。两者之差就是教师的价值。',
    },
  },
  'transfer-set': {
    en: {
      term: 'transfer set',
      definition:
        'The digits on which the student learns from its teacher. It can be smaller than the teacher’s own training set, or lack whole classes.',
    },
    zh: {
      term: '迁移集',
      definition: '学生向教师学习时所用的数字。它可以比教师自己的训练集小，也可以缺少整个类别。',
    },
  },
  'weight-of-labels': {
    en: {
      term: 'weight of labels',
      definition:
        'How much the labels count in what the student minimises, from 0 (soft targets only) to 1 (labels only). The soft-target weight is what is left: 1 minus this.',
    },
    zh: {
      term: '标签权重',
      definition:
        '标签在学生所最小化的目标中占多大比重，从 0（只用软目标）到 1（只用标签）。软目标权重就是剩下的部分：1 减去它。',
    },
  },
  'cross-entropy': {
    en: {
      term: 'cross-entropy',
      definition:
        'The loss −Σ p ln q: how surprised a model with probabilities q is by targets p. With a hard target it is minus the logarithm of the right digit’s probability.',
    },
    zh: {
      term: '交叉熵',
      definition:
        '损失 −Σ p ln q：概率为 q 的模型对目标 p 有多“意外”。目标是硬目标时，它就是正确数字概率的负对数。',
    },
  },
  'kl-divergence': {
    en: {
      term: 'KL divergence',
      definition:
        'KL(teacher‖student) = Σ p ln(p / q): how far the student’s probabilities q are from the teacher’s p, in nats. 0 means equal. It is the cross-entropy less the teacher’s own entropy.',
    },
    zh: {
      term: 'KL 散度',
      definition:
        'KL(教师‖学生) = Σ p ln(p / q)：学生的概率 q 离教师的概率 p 有多远，单位奈特。0 表示相同。它等于交叉熵减去教师自身的熵。',
    },
  },
  entropy: {
    en: {
      term: 'entropy',
      definition:
        'How unsure a model is: −Σ p ln p over the ten digits, in nats. 0 means certain; ln 10 ≈ 2.30 means that all digits seem equally likely.',
    },
    zh: {
      term: '熵',
      definition:
        '模型有多不确定：对十个数字求 −Σ p ln p，单位奈特。0 表示完全确定；ln 10 ≈ 2.30 表示十个数字看起来同样可能。',
    },
  },
  nat: {
    en: {
      term: 'nat',
      definition:
        'The unit of information that goes with the natural logarithm. One nat is 1 / ln 2 ≈ 1.44 bits.',
    },
    zh: { term: '奈特', definition: '以自然对数计量的信息单位。1 奈特 = 1 / ln 2 ≈ 1.44 比特。' },
  },
  epoch: {
    en: { term: 'epoch', definition: 'One pass of training through the whole transfer set.' },
    zh: { term: '轮', definition: '训练完整地过一遍迁移集。' },
  },
  batch: {
    en: {
      term: 'batch',
      definition: 'The digits that one training step looks at together. The weights change once a batch.',
    },
    zh: { term: '批次', definition: '一个训练步一起看的那些数字。每个批次之后权重更新一次。' },
  },
  'learning-rate': {
    en: {
      term: 'learning rate',
      definition:
        'How far the weights move in one step. Too small is slow; too large overshoots and may never settle.',
    },
    zh: {
      term: '学习率',
      definition: '权重在一步中移动多远。太小则慢；太大则越过目标，可能永远稳定不下来。',
    },
  },
  seed: {
    en: {
      term: 'seed',
      definition:
        'The number that everything random starts from: first weights, order of the digits, dropout, jitter. The same seed on the same engine gives the same run.',
    },
    zh: {
      term: '随机种子',
      definition:
        '一切随机性的起点：初始权重、数字的顺序、随机失活、抖动。同一引擎上，同样的种子得到同样的结果。',
    },
  },
  'mcnemar-test': {
    en: {
      term: 'McNemar’s test',
      definition:
        'A test for two models on the same digits. It looks only at the digits that exactly one of them gets wrong; p is the probability of a split at least this uneven if both were equally good.',
    },
    zh: {
      term: 'McNemar 检验',
      definition:
        '比较两个模型在同一批数字上的表现。只看恰好一个模型出错的数字；p 是两者同样好时，出现至少这样悬殊结果的概率。',
    },
  },
  'confidence-interval': {
    en: {
      term: 'confidence interval',
      definition:
        'The range that a 95 % method gives for the true error rate, here Wilson’s: of many such ranges, on fresh test digits each time, about 95 in 100 hold the true value.',
    },
    zh: {
      term: '置信区间',
      definition:
        '95 % 方法（这里用 Wilson 区间）为真实错误率给出的范围：若每次用新的测试数字重复多次，约 100 个这样的区间里有 95 个包含真值。',
    },
  },
  agreement: {
    en: {
      term: 'agreement',
      definition:
        'The number of test digits on which a student’s first choice is the same as its teacher’s, right or wrong.',
    },
    zh: { term: '一致数', definition: '学生与教师首选相同的测试数字个数，不论对错。' },
  },
  calibration: {
    en: {
      term: 'calibration',
      definition:
        'Whether a model is right as often as it claims: of the digits it is 80 % sure of, 80 % should be right. The calibration error is the mean gap.',
    },
    zh: {
      term: '校准',
      definition:
        '模型的把握与实际正确率是否相符：它有 80 % 把握的那些数字里，应有 80 % 是对的。校准误差是两者的平均差距。',
    },
  },
  checkpoint: {
    en: {
      term: 'checkpoint',
      definition:
        'A model’s weights saved in a file, so that training can go on or the model can be used elsewhere.',
    },
    zh: { term: '检查点', definition: '保存在文件中的模型权重，可用来继续训练，或在别处使用该模型。' },
  },
  webgpu: {
    en: {
      term: 'WebGPU',
      definition:
        'The browser’s way to compute on the graphics card. Not every browser and machine has it; the page then trains on the processor.',
    },
    zh: {
      term: 'WebGPU',
      definition: '浏览器使用显卡进行计算的接口。并非每个浏览器和机器都有；没有时，网页就在处理器上训练。',
    },
  },
  engine: {
    en: {
      term: 'engine',
      definition:
        'What does the arithmetic of training: the processor (CPU) or, by WebGPU, the graphics card. Same experiment, different speed.',
    },
    zh: {
      term: '引擎',
      definition: '执行训练运算的部件：处理器（CPU），或经由 WebGPU 的显卡。实验相同，速度不同。',
    },
  },
  hint: {
    en: {
      term: 'hint',
      definition:
        'A hidden layer of the teacher that the student learns to reproduce in a layer of its own, through a learned projection if the widths differ (FitNets, Romero et al. 2015).',
    },
    zh: {
      term: '提示层',
      definition:
        '教师的某个隐藏层：学生学着在自己的一层中重现它；宽度不同时，中间加一个可学习的投影（FitNets，Romero 等，2015）。',
    },
  },
  'attention-map': {
    en: {
      term: 'attention map',
      definition:
        'How much each patch of a picture looks at each other patch in one head of a transformer. A student can imitate the teacher’s maps as well as its answers (TinyBERT, Jiao et al. 2020).',
    },
    zh: {
      term: '注意力图',
      definition:
        '在 transformer 的一个注意力头里，图片的每一块对其他各块的关注程度。学生除了答案，也可以模仿教师的注意力图（TinyBERT，Jiao 等，2020）。',
    },
  },
  'teaching-assistant': {
    en: {
      term: 'teaching assistant',
      definition:
        'A model of middle size that learns from the teacher and then teaches the student, where the step from large to small would be too wide at once (Mirzadeh et al. 2020).',
    },
    zh: {
      term: '助教',
      definition:
        '中等大小的模型：先向教师学习，再去教学生，用于大小差距一步跨不过去的时候（Mirzadeh 等，2020）。',
    },
  },
  'born-again': {
    en: {
      term: 'born-again network',
      definition:
        'A student of the same size as its teacher. It may teach the next generation in turn, and so on (Furlanello et al. 2018).',
    },
    zh: {
      term: '再生网络',
      definition: '与教师同样大小的学生。它还可以再教下一代，依此类推（Furlanello 等，2018）。',
    },
  },
  ensemble: {
    en: {
      term: 'ensemble',
      definition:
        'Several models whose answers are averaged. Together they make fewer errors than each alone; one student can learn what they say as one.',
    },
    zh: {
      term: '集成',
      definition: '把多个模型的回答取平均。合在一起比各自单独的错误少；一个学生可以学习它们的共同回答。',
    },
  },
  'multi-task': {
    en: {
      term: 'multi-task',
      definition:
        'One network that answers several questions about its input, with outputs of its own for each: which digit it is, whether it is odd, whether it is below five. What one question teaches the shared layers may help the others.',
    },
    zh: {
      term: '多任务',
      definition:
        '一个网络回答关于同一输入的多个问题，每个问题有自己的输出：是哪个数字，是奇是偶，是否小于 5。一个问题教给共享层的东西可能帮到其他问题。',
    },
  },
  'label-smoothing': {
    en: {
      term: 'label smoothing',
      definition:
        'Taking a share of each label’s probability from the right digit and spreading it evenly over all ten: a teacher that knows nothing about which digits are alike.',
    },
    zh: {
      term: '标签平滑',
      definition:
        '从每个标签的正确数字那里拿出一部分概率，平均分给全部十个数字：相当于一位不知道哪些数字相像的教师。',
    },
  },
  augmentation: {
    en: {
      term: 'transfer set changes',
      definition:
        'What is done to the digits before the student sees them: shifted, masked, cropped, patched or mixed with one another, without labels, with wrong ones or with classes left out. The teacher answers for the changed digit.',
    },
    zh: {
      term: '迁移集的改动',
      definition:
        '学生看到数字之前对它们所做的改动：平移、遮挡、裁剪、拼块、互相混合、去掉或改错标签、略去类别。教师针对改动后的数字作答。',
    },
  },
  weight: {
    en: {
      term: 'weight',
      definition:
        'A number that training changes. Their count says how large a network is; each takes four bytes in a file of weights.',
    },
    zh: {
      term: '权重',
      definition: '训练所改变的数。权重的个数说明网络有多大；在权重文件中每个占四个字节。',
    },
  },
  'multiply-add': {
    en: {
      term: 'multiply-add',
      definition:
        'One multiplication of an activation with a weight, or with another activation, and the addition to its sum. How many the logits of one digit take is the work of a network, whatever machine does it: a convolution uses each weight at many places, so it works more than its weights tell.',
    },
    zh: {
      term: '乘加',
      definition:
        '激活值与权重（或另一个激活值）相乘一次，并加到总和上。算出一个数字的 logit 需要多少次乘加，就是网络的工作量，与机器无关：卷积在许多位置上使用同一个权重，所以工作量比权重数所显示的大。',
    },
  },
  ablation: {
    en: {
      term: 'ablation',
      definition:
        'Taking one part away to see whether it was what helped: for example permuting the probabilities of the other classes, which keeps softness and loses similarity.',
    },
    zh: {
      term: '消融',
      definition: '去掉某一部分，看起作用的是不是它：例如打乱其余类别的概率，软度还在，相似性却没有了。',
    },
  },
  pruning: {
    en: {
      term: 'pruning',
      definition:
        'Setting weights to zero and leaving them there, those of the smallest magnitude first: at once, or ever more of them while a network learns (Zhu and Gupta 2018).',
    },
    zh: {
      term: '剪枝',
      definition:
        '把权重设为零并保持为零，绝对值最小的先去掉：可以一次完成，也可以在网络学习时逐渐增多（Zhu 和 Gupta 2018）。',
    },
  },
  quantisation: {
    en: {
      term: 'quantisation',
      definition:
        'Rounding weights to whole multiples of a scale, so that each takes a few bits in place of 32 (Zafrir et al. 2019). With b bits there are 2^b − 1 values, as many below zero as above.',
    },
    zh: {
      term: '量化',
      definition:
        '把权重舍入为某个比例因子的整数倍，每个权重只占几位而不是 32 位（Zafrir 等 2019）。b 位有 2^b − 1 个值，正负各半。',
    },
  },
  'ternary-weights': {
    en: {
      term: 'ternary weights',
      definition:
        'Weights of three values, −a, 0 and a: small ones become zero, the others keep their sign and share one size (Li and Liu 2016).',
    },
    zh: {
      term: '三值权重',
      definition: '只取 −a、0 和 a 三个值的权重：小的变为零，其余保留符号、共用一个大小（Li 和 Liu 2016）。',
    },
  },
  sparsity: {
    en: {
      term: 'sparsity',
      definition:
        'The share of weights that are zero. A file need not store them; a machine saves time by them only where its arithmetic can leave them out.',
    },
    zh: {
      term: '稀疏度',
      definition: '为零的权重所占的比例。文件不必存储它们；机器只有在运算能跳过它们时才会因此变快。',
    },
  },
  'effective-multiply-add': {
    en: {
      term: 'effective multiply-add',
      definition:
        'A multiply-add whose weight is not zero. The others change no sum, so an engine made for sparse weights could leave them out; this page’s engines do not, so that they save no time here.',
    },
    zh: {
      term: '有效乘加',
      definition:
        '权重不为零的乘加。其余的不改变任何总和，为稀疏权重而造的引擎可以省去；本页的引擎并不省去，所以在这里不会更快。',
    },
  },
  'pareto-frontier': {
    en: {
      term: 'Pareto frontier',
      definition:
        'The models that no other beats in both respects: whoever makes fewer errors is larger, and whoever is smaller makes more (after Pareto 1906).',
    },
    zh: {
      term: '帕累托前沿',
      definition:
        '在两方面都没有被另一个超过的模型：错误更少的都更大，更小的错误都更多（源自 Pareto 1906）。',
    },
  },
  'lottery-ticket': {
    en: {
      term: 'lottery ticket',
      definition:
        'A pruned network that begins with the first weights of the network it was cut from and learns as well as that one; the same connections with other first weights do worse (Frankle and Carbin 2019).',
    },
    zh: {
      term: '彩票（中奖子网络）',
      definition:
        '从原网络的初始权重出发、剪枝后仍能学得与原网络一样好的子网络；同样的连接换成别的初始权重就差一些（Frankle 和 Carbin 2019）。',
    },
  },
  'straight-through': {
    en: {
      term: 'straight-through gradient',
      definition:
        'How a rounded network learns: it computes with rounded weights, and their gradient changes the weights behind them as if there were no rounding (Bengio et al. 2013).',
    },
    zh: {
      term: '直通梯度',
      definition:
        '舍入后的网络的学习方法：用舍入后的权重计算，梯度则像没有舍入那样去改变其后的原权重（Bengio 等 2013）。',
    },
  },
  'layer-drop': {
    en: {
      term: 'LayerDrop',
      definition:
        'Leaving whole layers out at random while a network learns, so that a shallower one can be taken out of it afterwards without training (Fan et al. 2020).',
    },
    zh: {
      term: 'LayerDrop',
      definition: '训练时随机略去整层，之后无需再训练就能从中取出更浅的网络（Fan 等 2020）。',
    },
  },
  'low-rank': {
    en: {
      term: 'low-rank factorisation',
      definition:
        'A layer’s weights as the product of two thin matrices: with n inputs, m outputs and rank r it has r·(n + m) weights in place of n·m (Sainath et al. 2013).',
    },
    zh: {
      term: '低秩分解',
      definition:
        '把一层的权重写成两个细长矩阵的乘积：n 个输入、m 个输出、秩为 r 时，权重数是 r·(n + m)，而不是 n·m（Sainath 等 2013）。',
    },
  },
  'cross-layer-sharing': {
    en: {
      term: 'cross-layer sharing',
      definition:
        'Several layers with the same weights: the file has them once, while the work stays that of all layers (ALBERT, Lan et al. 2020).',
    },
    zh: {
      term: '跨层共享',
      definition: '几层使用同一组权重：文件里只有一份，计算量仍是所有层的（ALBERT，Lan 等 2020）。',
    },
  },
} as const satisfies Record<string, Translations>;

/** Name of a glossary entry. */
export type TermId = keyof typeof GLOSSARY;

/** Every entry's name. */
export const TERM_IDS = Object.keys(GLOSSARY) as readonly TermId[];

/** An entry in the reader's language; a language the glossary lacks gets English. */
export function glossaryEntry(id: TermId, locale: string): Entry {
  const translations: Translations = GLOSSARY[id];
  return translations[locale.startsWith('zh') ? 'zh' : 'en'];
}
