import { WorkError } from '../../../shared/errors.js';

const mostRedirects = 10;

/**
 * Fetches over https only, wherever the server sends it on to. An address of this very machine may be plain
 * http: nobody is in between. Throws a WorkError at any other address, before it is asked.
 */
export async function secureFetch(
  address: string,
  headers: Readonly<Record<string, string>>,
): Promise<Response> {
  let url = new URL(address);
  for (let redirects = 0; ; redirects++) {
    if (!isSecure(url))
      throw new WorkError(
        'tensorflow.insecure',
        `${url.origin} is not asked, as it is not https${redirects > 0 ? `, though ${address} leads there` : ''}`,
      );
    const response = await fetch(url, { headers, redirect: 'manual' });
    const location = response.headers.get('location');
    if (response.status < 300 || response.status >= 400 || location === null) return response;
    await response.body?.cancel();
    if (redirects >= mostRedirects)
      throw new WorkError('tensorflow.redirects', `${address} leads on and on, from one address to the next`);
    url = new URL(location, url);
  }
}

const isSecure = ({ protocol, hostname }: URL): boolean =>
  protocol === 'https:' ||
  (protocol === 'http:' && (/^127(\.\d+){3}$/.test(hostname) || ['localhost', '[::1]'].includes(hostname)));
