/** The example shop: one client for all pages, logged in as soon as the mini-program starts. */
const { createClient, createApi } = require('./generated/minigate.js');

const client = createClient({
  wx,
  url: 'http://127.0.0.1:4000',
  // The app id that the gateway of `npm start` knows. With an app of your own, it is your app's.
  appId: 'wx00000000000000a1',
  clientName: 'minigate-demo',
  clientVersion: '0.1.0',
});

App({
  api: createApi(client),

  onLaunch() {
    client.login();
  },
});
