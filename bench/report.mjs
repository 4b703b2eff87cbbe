// The results as markdown, and where in docs/performance.md they go.

const table = (head, rows) =>
  [head, head.map((_, index) => (index === 0 ? '---' : '---:')), ...rows]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');

const digits = (value) => {
  if (value >= 100) return value.toFixed(0);
  return value >= 10 ? value.toFixed(1) : value.toFixed(2);
};

/** A cell of the times: the time, or why there is none. */
function timeCell(result) {
  if (!result) return '–';
  if (result.failure) return 'cannot';
  if (!result.check.agrees) return '**another loss**';
  return digits(result.msPerStep);
}

/** Our time over the best peer's: below 1 we are faster. */
function ratio(results, ours) {
  const peers = Object.entries(results).filter(([name, { msPerStep }]) => name !== ours && msPerStep);
  const own = results[ours]?.msPerStep;
  if (!own || peers.length === 0) return '–';
  const [best, { msPerStep }] = peers.reduce((a, b) => (b[1].msPerStep < a[1].msPerStep ? b : a));
  return `${(own / msPerStep).toFixed(2)} (${best})`;
}

function times({ nets, ours }, engines) {
  const head = ['network', ...engines.map((name) => `${name}, ms`), `${ours} / best peer`];
  head.push(...engines.map((name) => `${name}, GFLOPS`));
  const rows = nets.map(({ name, results }) => [
    name,
    ...engines.map((engine) => timeCell(results[engine])),
    ratio(results, ours),
    ...engines.map((engine) => (results[engine]?.gflops ? results[engine].gflops.toFixed(1) : '–')),
  ]);
  return table(head, rows);
}

function counts({ nets, settings }, engines) {
  const head = [
    'network',
    'engine',
    'dispatches',
    'submits',
    'KiB written',
    'bytes mapped to read',
    'new buffers',
  ];
  head.push('new shaders', 'new pipelines', settings.isEmulated ? 'ms (emulated)' : 'ms');
  const rows = nets.flatMap(({ name, results }) =>
    engines
      .filter((engine) => results[engine]?.counts)
      .map((engine) => {
        const { counts: of, msPerStep } = results[engine];
        const cells = [of.dispatches, of.submits, of.uploaded / 1024, of.readBack, of.buffers];
        return [
          name,
          engine,
          ...[...cells, of.shaders, of.pipelines].map((n) => n.toFixed(1)),
          digits(msPerStep),
        ];
      }),
  );
  return table(head, rows);
}

/** What imitating a layer adds to a step. */
function terms(rows) {
  const head = [
    'student',
    'imitates by',
    'layer',
    'ms without',
    'ms with',
    'with / without',
    'first epoch: without',
    'with',
    'with / without',
  ];
  const ratio = (without, imitating) => [
    digits(without),
    digits(imitating),
    (imitating / without).toFixed(2),
  ];
  return table(
    head,
    rows.map(({ student, by, layer, without, imitating }) => [
      student,
      by,
      layer,
      ...ratio(without.asked, imitating.asked),
      ...ratio(without.asking, imitating.asking),
    ]),
  );
}

/** Whatever did not go as it should, said in full. */
function remarks({ nets, missing, tolerance }) {
  const lines = Object.entries(missing).map(([engine, why]) => `- ${engine} did not start: ${why}`);
  for (const { name, results } of nets) {
    for (const [engine, { failure, check }] of Object.entries(results)) {
      if (failure) lines.push(`- ${name}, ${engine} cannot: ${failure}`);
      else if (!check.agrees) {
        lines.push(
          `- **${name}, ${engine} reaches another loss**: off by ${check.apart.toExponential(1)}, allowed is ${tolerance}`,
        );
      }
    }
  }
  return lines;
}

function worstDistance({ nets }) {
  const all = nets.flatMap(({ results }) => Object.values(results).map(({ check }) => check?.apart ?? 0));
  return Math.max(0, ...all.filter(Number.isFinite));
}

function peakSentence({ peaks }) {
  const best = (pick) => Math.max(...peaks.map(pick));
  const relaxed = peaks.some((peak) => peak.relaxed !== null)
    ? best((peak) => peak.relaxed).toFixed(0)
    : null;
  const fused = relaxed ? `, ${relaxed} GFLOPS with relaxed_madd` : '; no relaxed_madd in this browser';
  return `One thread's SIMD peak, measured in the same run: ${best((peak) => peak.multiplyAdd).toFixed(0)} GFLOPS with f32x4 mul and add${fused}.`;
}

/** One backend's part. */
function section(run, { options, checkSteps }) {
  const title = run.backend === 'cpu' ? '### CPU (WebAssembly)' : '### WebGPU';
  const threads = run.isIsolated
    ? 'The page is isolated: engines that have threads use them.'
    : 'The page is not isolated, as on any static host: one thread each.';
  const where = run.backend === 'cpu' ? `${threads} ${peakSentence(run)}` : `Adapter: ${run.adapter}.`;
  const check = `Losses of the first ${checkSteps} steps differ by at most ${worstDistance(run).toExponential(1)} (relative; allowed ${run.tolerance}).`;
  const parts = [title, `${where} ${check}`];
  parts.push(run.backend === 'cpu' ? times(run, options.ENGINES) : counts(run, options.ENGINES));
  const said = remarks(run);
  if (said.length > 0) parts.push(said.join('\n'));
  if (run.terms) {
    parts.push(
      `The shipped CNN 12-24-96 answers for a digit in ${run.teacherMs.toFixed(3)} ms. A step of a student with a layer that it imitates, beside the same step without; in the first epoch, in which the teacher answers for every digit, apart:`,
      terms(run.terms),
    );
  }
  return parts.join('\n\n');
}

/** Everything between the markers. */
export function markdown(result) {
  const { machine, versions, options, date, command } = result;
  const head = [
    `Measured on ${date}: ${machine.cpu}, ${machine.cores} cores, ${machine.memoryGib} GiB, ${machine.system}; ${machine.browser}.`,
    `${Object.entries(versions)
      .map(([name, version]) => `${name} ${version}`)
      .join(', ')}. Batch ${options.BATCH}, ${options.REPEATS} repeats on the CPU.`,
    `Again: \`${command}\`. Raw figures: \`${result.file}\`.`,
  ].join('\n');
  return [head, ...result.runs.map((run) => section(run, result))].join('\n\n');
}

/** The part of WebGPU on a machine that has a GPU: what is asked of it, and the times beside each other. */
export const gpuSection = (run, engines, checkSteps) =>
  [section(run, { options: { ENGINES: engines }, checkSteps }), times(run, engines)].join('\n\n');

/** The document with new results between its markers. */
export function replaced(document, text, name = 'bench') {
  const [first, last] = [`<!-- ${name}:begin -->`, `<!-- ${name}:end -->`];
  const [begin, end] = [document.indexOf(first), document.indexOf(last)];
  if (begin < 0 || end < begin) throw new Error(`the document lacks ${first} … ${last}`);
  return `${document.slice(0, begin + first.length)}\n${text}\n${document.slice(end)}`;
}

/** True when an engine started and then failed the check: that is never hidden. */
export const hasMismatch = ({ runs }) =>
  runs.some(({ nets }) =>
    nets.some(({ results }) => Object.values(results).some(({ check }) => check && !check.agrees)),
  );
