/** Tells elements when they come near to the part of the document that is seen: of several at once the first one first. */

/** A frame is fetched when it is so near. */
const NEAR_PX = 400;

const coming = new Map<Element, () => void>();
let observer: IntersectionObserver | null = null;

/** One for all: what several observers see in one frame, they tell in any order. */
function shared(): IntersectionObserver {
  observer ??= new IntersectionObserver(
    (entries) => {
      const near = entries.filter(({ isIntersecting }) => isIntersecting).map(({ target }) => target);
      near.sort((a, b) => (a.compareDocumentPosition(b) & Node.DOCUMENT_POSITION_FOLLOWING ? -1 : 1));
      for (const element of near) coming.get(element)?.();
    },
    { rootMargin: `${NEAR_PX}px 0px` },
  );
  return observer;
}

/** Calls back whenever the element comes near; answers the way to stop that. */
export function whenNear(element: Element, callback: () => void): () => void {
  coming.set(element, callback);
  shared().observe(element);
  return () => {
    coming.delete(element);
    shared().unobserve(element);
  };
}
