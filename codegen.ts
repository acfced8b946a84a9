/** What is generated from schemas and operations, and where to: `npm run codegen`. */
import type { CodegenConfig } from '@graphql-codegen/cli';
import { miniProgramPreset } from './client/codegen/preset.ts';

const config: CodegenConfig = {
  generates: {
    'client/demo/generated/': {
      schema: 'client/demo/schema.graphql',
      documents: 'client/demo/operations/*.graphql',
      preset: miniProgramPreset,
      presetConfig: { clientName: 'minigate-demo', clientModule: '../../index.ts' },
      config: { scalars: { DateTime: 'string' } },
    },
  },
};

export default config;
