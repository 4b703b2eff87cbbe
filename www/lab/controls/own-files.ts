/** Which of the files that were dropped holds images and which labels. */

export type Part = 'images' | 'labels';

/** Of two or more files the largest is taken for images and the next for labels; of one its name decides. */
export function filesByPart<F extends Pick<File, 'name' | 'size'>>(
  files: readonly F[],
): Partial<Record<Part, F>> {
  const [images, labels] = [...files].sort((a, b) => b.size - a.size);
  if (!images) return {};
  if (labels) return { images, labels };
  return /label/i.test(images.name) ? { labels: images } : { images };
}
