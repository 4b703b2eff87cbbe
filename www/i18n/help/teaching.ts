/** What a student learns from its teachers: soft targets, and layers that it imitates. */

import type { HelpLines } from './line';

export const TEACHING: HelpLines = {
  Objective_soft_weight: {
    en: 'Weight of the soft targets; left out: one minus the weight of labels.',
    zh: '软目标的权重；不写则为 1 减去标签权重。',
  },
  Objective_t_squared: {
    en: 'Multiplies the soft term by T², so that its gradients keep their size as T changes.',
    zh: '把软目标项乘以 T²，T 改变时梯度大小不变。',
  },
  Objective_ablation: {
    zh: '从软目标中去掉什么，看看起作用的是不是它。',
  },
  Objective_imitates: {
    zh: '模仿教师的哪些层。',
  },
  Objective_label_smoothing: {
    en: 'Share of each label that is spread evenly over the ten classes, as a teacher that knows nothing would.',
    zh: '每个标签平均分给十个类别的比例，相当于一位什么都不懂的教师。',
  },
  SoftTerm_cross_entropy: {
    en: 'Cross-entropy of the student’s softened probabilities with the teacher’s.',
    zh: '学生与教师软化后概率的交叉熵。',
  },
  SoftTerm_kl: {
    en: 'KL(teacher‖student): the cross-entropy less the teacher’s own entropy, so its gradient is the same.',
    zh: 'KL(教师‖学生)：交叉熵减去教师自身的熵，所以梯度相同。',
  },
  SoftTerm_logit_mse: {
    zh: '两边 logit 平方距离的一半；温度和 T² 不起作用。',
  },
  SoftTerm_decoupled: {
    en: 'Compares the right class against the rest, and the rest among themselves, each with its own weight; needs labels.',
    zh: '“正确类别对其余”与“其余类别之间”分开比较，各有权重；需要标签。',
  },
  SoftTerm_reverse_kl: {
    en: 'KL(student‖teacher), the other direction: the student may leave out what it cannot match, but not make things up.',
    zh: 'KL(学生‖教师)，方向相反：学生可以放弃学不来的，但不能凭空编造。',
  },
  SoftTerm_jensen_shannon: {
    en: 'Generalised Jensen–Shannon divergence, between the two directions of KL.',
    zh: '广义 Jensen–Shannon 散度，介于 KL 的两个方向之间。',
  },
  SoftTerm_teacher_labels: {
    zh: '用教师的首选代替标签算交叉熵；温度和 T² 不起作用。',
  },
  Ablation_permute_wrong_classes: {
    en: 'All classes but the first choice swap probabilities at random: softness stays, likeness of digits goes.',
    zh: '首选之外各类别的概率随机打乱：软的程度还在，数字间的相似没有了。',
  },
  Ablation_confidence_only: {
    en: 'Labels in place of the targets, each digit weighted by the teacher’s confidence: only that is left. Needs labels.',
    zh: '目标换成标签，每个数字按教师的置信度加权，只剩置信度。需要标签。',
  },
  Imitation_by: {
    zh: '怎样比较两边的层。',
  },
  Imitation_of: {
    en: 'Which teacher is imitated; with a single one it may be left out.',
    zh: '模仿哪位教师；只有一位时可以不写。',
  },
  Imitation_layers: {
    zh: '学生的哪一层靠近教师的哪一层；多对的损失相加。',
  },
  Imitation_weight: {
    en: 'Weight in the loss: larger holds the student’s layers nearer to the teacher’s.',
    zh: '在损失中的权重；越大，学生的层越贴近教师的层。',
  },
  LayerPair_teacher: {
    en: 'The layer that is imitated.',
    zh: '被模仿的层。',
  },
  LayerPair_student: {
    en: 'The layer that is brought near to it.',
    zh: '向它靠近的层。',
  },
  Likeness_hint: {
    en: 'Half the squared distance, the student’s layer through a learned projection (FitNets).',
    zh: '学生的层经可学习的投影后，与教师的层平方距离的一半（FitNets）。',
  },
  Likeness_patient: {
    en: 'Squared distance of the layers, both scaled to length 1 (BERT-PKD).',
    zh: '两边的层都缩放到长度 1，取平方距离（BERT-PKD）。',
  },
  Likeness_cosine: {
    en: 'One minus the cosine of the angle between the layers (DistilBERT).',
    zh: '1 减去两层夹角的余弦（DistilBERT）。',
  },
  Likeness_hidden_states: {
    en: 'Mean squared error, the student’s states through a learned projection (TinyBERT).',
    zh: '学生的隐藏状态经可学习的投影后的均方误差（TinyBERT）。',
  },
  Likeness_attention_scores: {
    en: 'Mean squared error of attention scores, before the softmax (TinyBERT).',
    zh: '注意力分数的均方误差，取 softmax 之前（TinyBERT）。',
  },
  Likeness_attention_divergence: {
    en: 'KL divergence of attention maps (MiniLM).',
    zh: '注意力图的 KL 散度（MiniLM）。',
  },
  Likeness_value_relations: {
    en: 'KL divergence of how alike the values of tokens are (MiniLM).',
    zh: '各词元的值彼此相似程度的 KL 散度（MiniLM）。',
  },
  Likeness_distances: {
    en: 'How far apart the layer holds the digits of a batch (RKD).',
    zh: '这一层把一批数字彼此放得多远（RKD）。',
  },
  Likeness_angles: {
    en: 'The angles that three digits of a batch make in the layer (RKD).',
    zh: '批次中三个数字在这一层里所成的角（RKD）。',
  },
  Likeness_auxiliary_logits: {
    en: 'Half the squared distance of outputs that stand for no class (subliminal learning).',
    zh: '不代表任何类别的输出之间平方距离的一半（潜意识学习）。',
  },
  Likeness_projected_weights: {
    en: 'Squared distance of weights, the student’s through learned projections that all pairs share.',
    zh: '权重的平方距离，学生的先经各对共用的可学习投影。',
  },
};
