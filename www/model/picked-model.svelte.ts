/** The model that the visitor has picked among all: the explorer, the tree, the drawing pad and what models disagree on show it. */

export class PickedModel {
  /** Null until one is picked; of another race it may be a model that this one lacks. */
  name = $state<string | null>(null);
}
