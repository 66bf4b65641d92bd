// Loaded into tools that act on a document. Stops what is not for this machine, whatever the document says: addresses in
// documents for production are names, which have to be looked up first.
import dns from 'node:dns';

dns.lookup = (host, options, callback = options) => callback(new Error(`about to send to ${host}`));
