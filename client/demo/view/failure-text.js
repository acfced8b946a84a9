/** What to tell a person when a call fails: the gateway's own words, or ours by the kind of the error. */

const texts = {
  network: '网络不给力，请检查网络后重试',
  timeout: '网络超时，请稍后重试',
  unauthenticated: '登录失败，请稍后重试',
  graphql: '部分内容暂时无法显示',
  refused: '服务暂时不可用，请稍后再试',
  badResponse: '服务暂时不可用，请稍后再试',
};

/** `error` is missing when the call succeeded and what was asked for is not there. */
function toFailureText(error) {
  return (error && (error.userMessage || texts[error.kind])) || '出错了，请重试';
}

module.exports = { toFailureText };
