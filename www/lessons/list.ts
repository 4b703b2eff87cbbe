/** The lessons of the course in their order: the one list of them. Each is a file of this name in `data/`. */
export const LESSONS: readonly string[] = [
  'first-minute',
  'soft-labels',
  'temperature',
  'two-losses',
  'size-and-temperature',
  'never-seen',
  'transfer-sets',
  'teacher-or-data',
  'inside',
  'many-teachers',
  'small-otherwise',
  'language-models',
  'odd-things',
];

/** The one that offers itself on a first visit. */
export const WELCOME = LESSONS[0]!;
