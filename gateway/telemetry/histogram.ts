/** A histogram of one label that is cheap to observe: prom-client finds the bucket of a value by the text of its bound. */
import type { Histogram, Registry } from 'prom-client';

export interface HistogramOptions {
  readonly name: string;
  readonly help: string;
  readonly labelName: string;
  /** Upper bounds, the least first. */
  readonly buckets: readonly number[];
}

interface Series {
  /** By bucket; the last is of what is above every bound. */
  readonly counts: number[];
  sum: number;
}

/** Shows in the registry's metrics as one of prom-client's own; what it returns observes a value. */
export function registerHistogram(
  registry: Registry,
  { name, help, labelName, buckets }: HistogramOptions,
): (label: string, value: number) => void {
  const series = new Map<string, Series>();

  const toValues = ([label, { counts, sum }]: [string, Series]): object[] => {
    const labels = { [labelName]: label };
    let count = 0;
    const bounded = counts.map((own, place) => {
      count += own;
      return {
        metricName: `${name}_bucket`,
        labels: { le: buckets[place] ?? '+Inf', ...labels },
        value: count,
      };
    });
    return [
      ...bounded,
      { metricName: `${name}_sum`, labels, value: sum },
      { metricName: `${name}_count`, labels, value: count },
    ];
  };
  const get = async () => ({
    ...{ name, help, type: 'histogram', aggregator: 'sum' },
    values: [...series].flatMap(toValues),
  });
  // All that a registry asks of a metric; its type knows only prom-client's classes.
  registry.registerMetric({ name, get } as unknown as Histogram);

  return (label, value) => {
    let own = series.get(label);
    if (!own) {
      own = { counts: Array.from({ length: buckets.length + 1 }, () => 0), sum: 0 };
      series.set(label, own);
    }
    let place = 0;
    while (place < buckets.length && value > (buckets[place] as number)) place += 1;
    own.counts[place] = (own.counts[place] as number) + 1;
    own.sum += value;
  };
}
