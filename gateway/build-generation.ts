/** Builds generations of one gateway: the engine that the settings name, over whatever supergraph comes. */
import type { DocumentNode } from 'graphql';
import type { Logger } from 'pino';
import type { AccessOptions } from './access/create-access.ts';
import type { Policy } from './access/policy.ts';
import type { Shed } from './admission/shed.ts';
import type { Config } from './config.ts';
import type { ChargeCost } from './demand/charge-cost.ts';
import type { Engine } from './execution/execute.ts';
import { createMinigateEngine } from './execution/minigate-engine.ts';
import { createGeneration, type Generation } from './generation.ts';
import type { Safelist } from './persisted/safelist.ts';
import { createRunOperation } from './pipeline.ts';
import { createPlanner } from './planning/planner.ts';
import { StartupError } from './startup-error.ts';
import { readSubgraphAddresses } from './supergraph/subgraph-addresses.ts';
import type { SubgraphClient } from './upstream/subgraph-client.ts';

export interface GenerationMaterial {
  readonly config: Config;
  readonly policy: Policy;
  readonly safelist: () => Safelist;
  readonly shed: Shed;
  readonly chargeCost: ChargeCost;
  readonly subgraphs: SubgraphClient;
  readonly log: Logger;
}

/** @throws StartupError when the supergraph cannot be served */
export async function buildGeneration(
  material: GenerationMaterial,
  supergraphSdl: string,
  onUnknownCoordinates: AccessOptions['onUnknownCoordinates'],
): Promise<Generation> {
  const { config, policy, safelist, shed, log } = material;
  try {
    return await createGeneration({
      supergraphSdl,
      access: { ...config.access, dev: config.dev, policy, onUnknownCoordinates },
      createEngine: (supergraph) => createEngine(material, supergraph, supergraphSdl),
      runOperation: createRunOperation(shed, material.chargeCost),
      limits: config.limits,
      defaultListSize: config.limits.defaultListSize,
      operations: safelist().operations,
      onMisfit: (misfit) => log.warn(misfit, 'a registered operation does not fit the schema'),
    });
  } catch (cause) {
    if (cause instanceof StartupError) throw cause;
    throw new StartupError(
      `${config.supergraph} is not a supergraph that can be served: ${(cause as Error).message}\n` +
        'Compose it by `npx minigate supergraph compose`.',
      { cause },
    );
  }
}

async function createEngine(
  { config: { engine, planner }, subgraphs, log }: GenerationMaterial,
  supergraph: DocumentNode,
  supergraphSdl: string,
): Promise<Engine> {
  if (engine === 'apollo') {
    // The reference: loaded only when asked for, because it is large.
    const { createApolloEngine } = await import('./execution/apollo-engine.ts');
    return createApolloEngine({ supergraph, subgraphs, log });
  }
  return createMinigateEngine({
    supergraph,
    targets: readSubgraphAddresses(supergraph),
    planner: await createPlanner({
      supergraphSdl,
      ...planner,
      onRestart: (reason) => log.warn({ reason }, 'the planner was restarted'),
    }),
    subgraphs,
  });
}
