/** Codegen for a mini-program: `.graphql` files become typed functions and the manifest that registers them. */
import type { Types } from '@graphql-codegen/plugin-helpers';
import * as typescriptOperations from '@graphql-codegen/typescript-operations';
import { buildASTSchema } from 'graphql';
import { addTypename } from './add-typename.ts';
import { toApiFunctions } from './api-functions.ts';
import { toManifest } from './manifest.ts';
import { toPersistedOperations } from './persisted-operation.ts';

export interface MiniProgramPresetConfig {
  /** The name under which the operations are registered; the client is created with the same. */
  readonly clientName: string;
  /** What the generated file imports the client's types from. Default `@minigate/client`. */
  readonly clientModule?: string;
}

/** Writes `operations.ts` and `manifest.json` into the folder that the `generates` entry names. */
export const miniProgramPreset: Types.OutputPreset<MiniProgramPresetConfig> = {
  buildGeneratesSection({
    presetConfig,
    baseOutputDir,
    schema,
    schemaAst,
    documents,
    config,
  }): Types.GenerateOptions[] {
    const { clientName, clientModule = '@minigate/client' } = presetConfig;
    if (!clientName) throw new Error('presetConfig.clientName is missing: the name that the client sends.');
    // Not `schemaAst`: it may come from another copy of graphql, whose objects this one refuses.
    const schemaHere = buildASTSchema(schema);
    const typed = documents.map((file) => ({
      ...file,
      document: file.document && addTypename(file.document, schemaHere),
    }));
    const operations = toPersistedOperations(typed.flatMap(({ document }) => document ?? []));
    const header = [
      '/** Types of the operations, and one function for each. Generated from the .graphql files by codegen. */',
      `import type { CallOptions, Client } from '${clientModule}';`,
    ];
    const output = { schema, ...(schemaAst && { schemaAst }), documents: typed };
    return [
      {
        ...output,
        filename: `${baseOutputDir}operations.ts`,
        plugins: inOrder('header', 'types', 'functions'),
        pluginMap: {
          header: { plugin: () => ({ prepend: header, content: '' }) },
          types: typescriptOperations,
          functions: { plugin: () => toApiFunctions(operations) },
        },
        config: {
          namingConvention: 'keep',
          immutableTypes: true,
          skipTypename: true,
          defaultScalarType: 'unknown',
          ...config,
        },
      },
      {
        ...output,
        filename: `${baseOutputDir}manifest.json`,
        plugins: inOrder('manifest'),
        pluginMap: { manifest: { plugin: () => toManifest(operations, clientName) } },
        config: {},
      },
    ];
  },
};

/** Plugins without settings of their own, by their names in the `pluginMap`. */
function inOrder(...names: string[]): Types.ConfiguredPlugin[] {
  return names.map((name) => ({ [name]: {} }));
}
