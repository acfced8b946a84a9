/** Serves HTTPS by a certificate in files, and another one as soon as the files hold it. */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Server } from 'node:https';
import { createSecureContext, type SecureVersion } from 'node:tls';
import type { FastifyInstance } from 'fastify';
import { StartupError } from '../startup-error.ts';

export interface CertificateFiles {
  /** PEM: the certificate, then those that lead to a root. */
  readonly certFile: string;
  /** PEM. */
  readonly keyFile: string;
}

export interface Certificate {
  readonly cert: string;
  readonly key: string;
  readonly minVersion: SecureVersion;
}

/** @throws StartupError when the files cannot be read or do not belong together */
export async function loadCertificate(files: CertificateFiles): Promise<Certificate> {
  try {
    return toCertificate(...(await readFiles(files)));
  } catch (cause) {
    const { certFile, keyFile } = files;
    throw new StartupError(
      `HTTPS cannot be served by ${certFile} and ${keyFile}: ${(cause as Error).message}`,
      { cause },
    );
  }
}

export interface CertificateWatch {
  readonly intervalMs: number;
  readonly onReplaced: () => void;
  /** Told once of each certificate that is no good, or that the files cannot be read; the one in force stays. */
  readonly onBroken: (error: unknown) => void;
}

/**
 * Reads the files again and again: they may be links that are changed, on disks that tell of no change. Open
 * connections stay as they are.
 *
 * @returns ends the watch
 */
export function watchCertificate(
  server: FastifyInstance['server'],
  files: CertificateFiles,
  inForce: Certificate,
  { intervalMs, onReplaced, onBroken }: CertificateWatch,
): () => void {
  let seen = inForce.cert + inForce.key;
  const look = async (): Promise<void> => {
    const found = await readFiles(files).catch((error: Error) => error);
    const content = found instanceof Error ? found.message : found.join('');
    if (content === seen) return;
    seen = content;
    try {
      if (found instanceof Error) throw found;
      (server as unknown as Server).setSecureContext(toCertificate(...found));
      onReplaced();
    } catch (error) {
      onBroken(error);
    }
  };
  const timer = setInterval(() => void look(), intervalMs);
  timer.unref();
  return () => clearInterval(timer);
}

async function readFiles({ certFile, keyFile }: CertificateFiles): Promise<[cert: string, key: string]> {
  return [await readFile(certFile, 'utf8'), await readFile(keyFile, 'utf8')];
}

/** @throws when the key is not that of the certificate */
function toCertificate(cert: string, key: string): Certificate {
  // Node makes a context of an empty file too, such as one that is just being written: nobody could connect then.
  if (!new X509Certificate(cert).checkPrivateKey(createPrivateKey(key)))
    throw new Error('the key is not that of the certificate');
  const certificate: Certificate = { cert, key, minVersion: 'TLSv1.2' };
  createSecureContext(certificate);
  return certificate;
}

/** Tells browsers to come by HTTPS only, for a year. */
export function registerHsts(app: FastifyInstance): void {
  app.addHook('onSend', (_request, reply, _payload, done) => {
    reply.header('strict-transport-security', 'max-age=31536000');
    done();
  });
}
