// The table of `make bench-native`.

import { median } from '../numbers.mjs';

const digits = (value) => (value >= 100 ? value.toFixed(0) : value.toPrecision(3));

/** Of an engine that was timed the median, milliseconds a step. */
export const msPerStep = (result) => result?.segments && median(result.segments);

function row({ name, flopsPerStep, results }, engines) {
  const [own, ...peers] = engines.map((engine) => msPerStep(results[engine]));
  const cell = (ms, engine) => {
    if (ms) return digits(ms);
    return results[engine].failure ? '–' : 'another loss';
  };
  const times = engines.map((engine, index) => cell([own, ...peers][index], engine));
  const ratios = peers.map((ms) => (ms && own ? (ms / own).toFixed(2) : '–'));
  const gflops = own ? (flopsPerStep / own / 1e6).toFixed(1) : '–';
  return `| ${[name, ...times, ...ratios, gflops].join(' | ')} |`;
}

/** A table, distillery first: milliseconds a step, and how many times as fast as each peer it is. */
export function rows({ nets, engines }) {
  const [own, ...peers] = engines;
  const head = [
    'network',
    ...engines.map((engine) => `${engine}, ms`),
    ...peers.map((engine) => `times as fast as ${engine}`),
    `${own}, GFLOPS`,
  ];
  return [
    `| ${head.join(' | ')} |`,
    `| --- |${' ---: |'.repeat(head.length - 1)}`,
    ...nets.map((net) => row(net, engines)),
  ];
}

/** The engines that reached other losses, each in a sentence. */
export const mismatches = ({ nets, tolerance }) =>
  nets.flatMap(({ name, results }) =>
    Object.entries(results)
      .filter(([, { apart }]) => apart !== undefined && !(apart <= tolerance))
      .map(
        ([engine, { apart }]) =>
          `${name}, ${engine} reaches another loss: off by ${apart}, allowed is ${tolerance}`,
      ),
  );
