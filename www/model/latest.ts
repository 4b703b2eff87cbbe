/**
 * Asks one question at a time. While one is under way only the newest other waits, so that a hand that
 * moves faster than the engine answers is never followed by a queue of old answers.
 */
export class Latest<Question, Answer> {
  #busy = false;
  #waiting: { question: Question } | null = null;

  constructor(
    private readonly ask: (question: Question) => Promise<Answer>,
    private readonly answered: (answer: Answer, question: Question) => void,
    private readonly failed: (reason: unknown, question: Question) => void,
  ) {}

  put(question: Question): void {
    this.#waiting = { question };
    if (!this.#busy) void this.#work();
  }

  /** Takes back a question that waits; one under way will still be answered. */
  withdraw(): void {
    this.#waiting = null;
  }

  async #work(): Promise<void> {
    this.#busy = true;
    while (this.#waiting) {
      const { question } = this.#waiting;
      this.#waiting = null;
      try {
        this.answered(await this.ask(question), question);
      } catch (thrown) {
        this.failed(thrown, question);
      }
    }
    this.#busy = false;
  }
}
