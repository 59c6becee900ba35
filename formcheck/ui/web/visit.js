// Tells this browser which visit is its own: a cookie that ends with the browser's session and goes to this page only.
export default function (component) {
  const {name, token} = component.data;
  document.documentElement.lang = component.data.lang;
  document.cookie = `${name}=${token}; path=/; SameSite=Strict`;
}
