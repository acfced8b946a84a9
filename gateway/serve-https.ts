/** Ends TLS here where there is a certificate, and takes another from its files while the gateway runs. */
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import type { Config } from './config.ts';
import { type Certificate, type CertificateFiles, loadCertificate, watchCertificate } from './http/tls.ts';

export interface Https {
  readonly files: CertificateFiles;
  readonly certificate: Certificate;
}

/** `undefined` where a proxy ends TLS. @throws StartupError for files that cannot be used */
export async function loadHttps({ certFile, keyFile }: Config['tls']): Promise<Https | undefined> {
  if (certFile === undefined || keyFile === undefined) return undefined;
  const files = { certFile, keyFile };
  return { files, certificate: await loadCertificate(files) };
}

/** Returns what ends it. */
export function watchHttps(
  app: FastifyInstance,
  https: Https | undefined,
  { reloadIntervalMs }: Config['tls'],
  log: Logger,
): () => void {
  if (!https) return () => {};
  return watchCertificate(app.server, https.files, https.certificate, {
    intervalMs: reloadIntervalMs,
    onReplaced: () => log.info('another certificate is in force'),
    onBroken: (err) => log.error({ err }, 'the new certificate is no good; the old one stays'),
  });
}
