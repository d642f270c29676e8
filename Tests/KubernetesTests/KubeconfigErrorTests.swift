// SPDX-License-Identifier: Apache-2.0

import Kubernetes
import TestSupport
import Testing

/// What is said about broken kubeconfigs; the texts are part of the interface.
struct KubeconfigErrorTests {
  struct Row: Sendable, CustomTestStringConvertible {
    var name: String
    var text: String
    var message: String
    var hint: String?
    var testDescription: String { name }

    init(_ name: String, _ text: String, _ message: String, _ hint: String?) {
      self.name = name
      self.text = text
      self.message = message
      self.hint = hint
    }
  }

  @Test(arguments: [
    Row(
      "broken YAML",
      "clusters:\n- name: a\n cluster: b",
      "'/k/config' line 3, column 2: not valid YAML: did not find expected key "
        + "(while parsing a block mapping, which begins on line 1)",
      "correct the file, or name another one with --kubeconfig"
    ),
    Row(
      "a tab",
      "clusters:\n\t- name: a",
      "'/k/config' line 2, column 1: not valid YAML: a tab cannot indent or begin a value; "
        + "use spaces",
      "correct the file, or name another one with --kubeconfig"
    ),
    Row(
      "another kind",
      "apiVersion: v1\nkind: Pod",
      "'/k/config' line 2, field 'kind': this is a 'Pod', not a kubeconfig ('Config')",
      "name a kubeconfig file with --kubeconfig or KUBECONFIG"
    ),
    Row(
      "no mapping",
      "just text",
      "'/k/config' line 1: expected a mapping of fields, found text",
      "look at the indentation around this line"
    ),
    Row(
      "a number for a token",
      KubeconfigTests.text(user: "token: 12345"),
      "'/k/config' line 9, field 'users[0].user.token': expected text, found a number",
      "put the value in quotes"
    ),
    Row(
      "text for a flag",
      KubeconfigTests.text(cluster: "server: https://a, insecure-skip-tls-verify: 'true'"),
      "'/k/config' line 6, field 'clusters[0].cluster.insecure-skip-tls-verify': "
        + "expected true or false, found text",
      "write true or false without quotes"
    ),
    Row(
      "no list",
      "users: {name: u}",
      "'/k/config' line 1, field 'users': expected a list, found a mapping",
      "begin each entry with '- '"
    ),
    Row(
      "a nameless entry",
      "users:\n- user: {}",
      "'/k/config' line 2, field 'users[0]': the name is missing",
      "add a 'name:' to this entry"
    ),
    Row(
      "a name twice",
      "users:\n- name: a\n- name: a",
      "'/k/config' line 3, field 'users[1].name': 'a' stands twice in 'users'",
      "remove or rename one of the two"
    ),
    Row(
      "no base 64",
      KubeconfigTests.text(cluster: "server: https://a, certificate-authority-data: '%%'"),
      "'/k/config' line 6, field 'clusters[0].cluster.certificate-authority-data': "
        + "the value is not base 64",
      "encode the file with 'base64 -w0 FILE', or name the file in 'certificate-authority' instead"
    ),
    Row(
      "no PEM",
      KubeconfigTests.text(cluster: "server: https://a, certificate-authority-data: aGk="),
      "'/k/config' line 6, field 'clusters[0].cluster.certificate-authority-data': "
        + "this is no certificate or key in PEM form",
      "it has to contain a line such as '-----BEGIN CERTIFICATE-----'"
    ),
    Row(
      "a missing certificate",
      KubeconfigTests.text(cluster: "server: https://a, certificate-authority: none/ca.crt"),
      "'/k/config' line 6, field 'clusters[0].cluster.certificate-authority': "
        + "cannot read '/k/none/ca.crt': no such file or directory",
      "paths start from the folder of the kubeconfig; check the file and its permissions"
    ),
    Row(
      "an authority that is not asked",
      KubeconfigTests.text(
        cluster: "server: https://a, insecure-skip-tls-verify: true, "
          + "certificate-authority-data: LS0tLS1CRUdJTiBY"
      ),
      "'/k/config' line 6, field 'clusters[0].cluster.certificate-authority-data': a certificate "
        + "authority and 'insecure-skip-tls-verify: true' exclude each other",
      "remove 'insecure-skip-tls-verify' to have the server verified"
    ),
    Row(
      "a certificate without key",
      KubeconfigTests.text(user: "client-certificate-data: LS0tLS1CRUdJTiBY"),
      "'/k/config' line 9, field 'users[0].user': "
        + "the user 'u' has a client certificate but no key",
      "add 'client-key' or 'client-key-data'"
    ),
    Row(
      "no server",
      KubeconfigTests.text(cluster: ""),
      "'/k/config' line 6, field 'clusters[0].cluster': the cluster 'k' has no server",
      "add 'server:' with the API server's URL, such as https://host:6443"
    ),
    Row(
      "no URL",
      KubeconfigTests.text(cluster: "server: 'ftp://a'"),
      "'/k/config' line 6, field 'clusters[0].cluster.server': 'ftp://a' is no URL of an API server",
      "write it as https://host:port"
    ),
    Row(
      "no proxy",
      KubeconfigTests.text(cluster: "server: 'https://a', proxy-url: 'a:1'"),
      "'/k/config' line 6, field 'clusters[0].cluster.proxy-url': this is no proxy's URL",
      "begin it with http://, https:// or socks5://"
    ),
    Row(
      "no context at all",
      "kind: Config",
      "there is no context in '/k/config'",
      "name a kubeconfig with --kubeconfig or KUBECONFIG"
    ),
    Row(
      "no current context",
      "contexts: [{name: a}, {name: b}]",
      "no current context is set in '/k/config'",
      "choose one with --context: a, b"
    ),
    Row(
      "an unknown context",
      "current-context: x\ncontexts: [{name: a}, {name: b}]",
      "'/k/config' line 1, field 'current-context': "
        + "the context 'x' does not exist in '/k/config'",
      "choose one with --context: a, b"
    ),
    Row(
      "an unknown cluster",
      KubeconfigTests.text(context: "{cluster: x, user: u}"),
      "'/k/config' line 12, field 'contexts[0].context.cluster': "
        + "the cluster 'x' does not exist in '/k/config'",
      "correct the name or add the cluster; there are: k"
    ),
    Row(
      "an unknown user",
      KubeconfigTests.text(context: "{cluster: k, user: x}"),
      "'/k/config' line 12, field 'contexts[0].context.user': "
        + "the user 'x' does not exist in '/k/config'",
      "correct the name or add the user; there are: u"
    ),
    Row(
      "no user",
      KubeconfigTests.text(context: "{cluster: k}"),
      "'/k/config' line 12, field 'contexts[0].context': the context 'c' names no user",
      "add 'user:' with one of: u"
    ),
    Row(
      "a missing token file",
      KubeconfigTests.text(user: "tokenFile: none"),
      "'/k/config' line 9, field 'users[0].user.tokenFile': "
        + "cannot read the token file '/k/none': no such file or directory",
      "paths start from the folder of the kubeconfig; check the file and its permissions"
    ),
    Row(
      "two ways to log in",
      KubeconfigTests.text(user: "token: t, username: u, password: p"),
      "'/k/config' line 9, field 'users[0].user.username': "
        + "the user 'u' has both a token and a name with password",
      "keep one of the two"
    ),
    Row(
      "a provider of old",
      KubeconfigTests.text(user: "auth-provider: {name: gcp}"),
      "'/k/config' line 9, field 'users[0].user.auth-provider': the auth provider 'gcp' is a form "
        + "that Kubernetes' tools dropped in 1.26",
      "install gke-gcloud-auth-plugin, then run 'gcloud container clusters get-credentials' "
        + "for this cluster"
    ),
    Row(
      "groups without a user",
      KubeconfigTests.text(user: "token: t, as-groups: [a]"),
      "'/k/config' line 9, field 'users[0].user.as-groups': there is no user to impersonate",
      "add 'as:' with the user's name"
    ),
    Row(
      "a plugin without command",
      KubeconfigTests.text(user: "exec: {apiVersion: client.authentication.k8s.io/v1}"),
      "'/k/config' line 9, field 'users[0].user.exec.command': the command is missing",
      "name the program that gives the credentials"
    ),
    Row(
      "a plugin of an old version",
      KubeconfigTests.text(
        user: "exec: {command: x, apiVersion: client.authentication.k8s.io/v1alpha1}"
      ),
      "'/k/config' line 9, field 'users[0].user.exec.apiVersion': the version "
        + "'client.authentication.k8s.io/v1alpha1' is not supported, only "
        + "'client.authentication.k8s.io/v1' or 'client.authentication.k8s.io/v1beta1'",
      "update the plugin and have it write the kubeconfig anew"
    ),
    Row(
      "a plugin without mode",
      KubeconfigTests.text(user: "exec: {command: x, apiVersion: client.authentication.k8s.io/v1}"),
      "'/k/config' line 9, field 'users[0].user.exec.interactiveMode': "
        + "the interactive mode is missing",
      "write one of Never, IfAvailable, Always; IfAvailable suits most plugins"
    ),
  ])
  func `broken input names file, line, field and what to do`(row: Row) {
    let error = #expect(throws: KubernetesError.self) { try KubeconfigTests.resolve(row.text) }
    #expect(error?.code == .configuration)
    #expect(error?.message == row.message)
    #expect(error?.hint == row.hint)
  }

  @Test func `a context that a flag names has to exist`() {
    let error = #expect(throws: KubernetesError.self) {
      try KubeconfigTests.resolve(
        KubeconfigTests.text(),
        overrides: KubeconfigOverrides(context: "prod")
      )
    }
    #expect(error?.message == "the context 'prod' does not exist in '/k/config'")
    #expect(error?.hint == "choose one with --context: c")
  }

  @Test func `a file that a flag names has to exist`() {
    let error = #expect(throws: KubernetesError.self) {
      try ClientConfiguration.resolve(
        overrides: KubeconfigOverrides(kubeconfig: "/none/config"),
        environment: KubeconfigTests.nobody
      )
    }
    #expect(
      error?.message == "cannot read the kubeconfig '/none/config': no such file or directory"
    )
    #expect(error?.hint == "check the path given with --kubeconfig")
  }

  @Test func `without any file there is no falling back`() {
    let error = #expect(throws: KubernetesError.self) {
      try ClientConfiguration.resolve(environment: ProcessEnvironment(variables: ["HOME": "/none"]))
    }
    #expect(error?.message == "there is no context in '/none/.kube/config' (no such file)")
    let inPod = #expect(throws: KubernetesError.self) {
      try ClientConfiguration.resolve(
        environment: ProcessEnvironment(variables: ["KUBERNETES_SERVICE_HOST": "h"]),
        serviceAccountFolder: "/none"
      )
    }
    #expect(
      inPod?.message
        == "cannot read the service account's '/none/token': no such file or directory"
    )
  }

  @Test func `groups alone cannot be impersonated by a flag`() {
    let error = #expect(throws: KubernetesError.self) {
      try KubeconfigTests.resolve(
        KubeconfigTests.text(),
        overrides: KubeconfigOverrides(impersonatedGroups: ["a"])
      )
    }
    #expect(error?.hint == "give the user with --as next to --as-group")
  }
}
