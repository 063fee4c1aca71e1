/**
 * The toolkit tries a style of its own while it is loaded, and finds the nonce that allows it in the
 * `content` attribute only. This is a module of its own because it must run before the toolkit's.
 */
const meta = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]');
if (meta?.nonce) meta.content = meta.nonce;
