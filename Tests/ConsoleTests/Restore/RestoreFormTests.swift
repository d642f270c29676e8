// SPDX-License-Identifier: Apache-2.0

import Terminal
import Testing
import Velero

@testable import Console
@testable import Engine

/// The form of a restore: what is typed becomes the request, or says what is wrong.
struct RestoreFormTests {
  private static func form(objects: [ObjectAddress]? = nil) -> RestoreForm {
    RestoreForm(
      RestoreSeed(place: RestoreExample.place, objects: objects),
      name: "r1",
      namespace: "velero"
    )
  }

  private static func fill(_ form: inout RestoreForm, _ field: RestoreForm.Field, _ text: String) {
    form.focus(field.rawValue)
    for character in text { _ = form.handle(.key(Key(character))) }
    _ = form.handle(.key(.escape))
    _ = form.handle(.key(.tab))
  }

  @Test func `fields become the spec and the options`() throws {
    var form = Self.form()
    Self.fill(&form, .includedNamespaces, "shop,billing")
    Self.fill(&form, .mapping, "shop:shop-copy")
    Self.fill(&form, .excludedResources, "events")
    Self.fill(&form, .selector, "app=web")
    Self.fill(&form, .existing, "u")
    Self.fill(&form, .keepOwners, " ")
    Self.fill(&form, .storageClasses, "fast=slow")
    Self.fill(&form, .images, "docker.io=registry.local")
    Self.fill(&form, .nodeLabels, "disk=hdd:disk=ssd")
    let request = try #require(form.request, "\(form.problem ?? "")")
    let spec = request.restore.spec
    #expect(spec.includedNamespaces == ["shop", "billing"])
    #expect(spec.namespaceMapping == ["shop": "shop-copy"])
    #expect(spec.excludedResources == ["events"])
    #expect(spec.labelSelector == (try LabelSelector(parsing: "app=web")))
    #expect(spec.existingResourcePolicy == "update")
    #expect(request.options.keepsOwners)
    #expect(request.options.maps.storageClasses == ["fast": "slow"])
    #expect(request.options.maps.images.map(\.new) == ["registry.local"])
    #expect(request.options.maps.nodeLabels == ["disk=hdd": "disk=ssd"])
  }

  @Test func `alternatives of labels and resource modifiers are asked for as the record has them`()
    throws
  {
    var form = Self.form()
    Self.fill(&form, .orSelectors, "app=web or tier=db")
    Self.fill(&form, .modifiers, "cheap-storage")
    let spec = try #require(form.request).restore.spec
    #expect(spec.orLabelSelectors.map(\.description) == ["app=web", "tier=db"])
    #expect(spec.resourceModifierName == "cheap-storage")
    Self.fill(&form, .selector, "app=web")
    #expect(form.request == nil)
    #expect(form.form[RestoreForm.Field.orSelectors.rawValue]?.error != nil)
  }

  @Test func `recreate is an option, since the spec has no word for it`() throws {
    var form = Self.form()
    Self.fill(&form, .existing, "r")
    let request = try #require(form.request)
    #expect(request.options.recreates)
    #expect(request.restore.spec.existingResourcePolicy.isEmpty)
  }

  @Test(arguments: [
    (RestoreForm.Field.mapping, "shop", "write OLD:NEW in place of 'shop'"),
    (.mapping, "shop:Shop", "'Shop' cannot be a namespace"),
    (.selector, "app in", ""),
    (.nodeLabels, "disk:ssd", "'disk:ssd' is no label of nodes with another"),
    (.includedResources, "nodes", ""),
    (.name, "!", "'r1!' cannot be the name of a restore"),
  ])
  func `what is wrong is told at its field`(field: RestoreForm.Field, typed: String, error: String)
    throws
  {
    var form = Self.form()
    Self.fill(&form, field, typed)
    let told = try #require(form.form[field.rawValue]?.error)
    #expect(error.isEmpty || told == error)
    #expect(form.request == nil)
  }

  @Test func `what decides about objects is known while the rest is still wrong`() throws {
    var form = Self.form()
    Self.fill(&form, .includedNamespaces, "shop")
    Self.fill(&form, .nodeLabels, "disk:ssd")
    #expect(form.request == nil)
    #expect(form.selection?.filter.includedNamespaces == ["shop"])
    Self.fill(&form, .selector, "app in")
    #expect(form.selection == nil)
  }

  @Test func `dependencies are those of single objects`() {
    let objects = [RestoreExample.address("configmaps", "shop", "settings")]
    var form = Self.form(objects: objects)
    Self.fill(&form, .dependencies, " ")
    #expect(form.request?.options.takesDependencies == true)
    form.focus(RestoreForm.Field.objects.rawValue)
    _ = form.handle(.key(.backspace))
    #expect(form.form[RestoreForm.Field.dependencies.rawValue]?.error != nil)
  }

  @Test(arguments: [
    (RestoreForm.Field.includedNamespaces, "sho", ["shop", "shop-old"]),
    (.includedResources, "depl", ["deployments.apps"]),
    (.mapping, "bil", ["billing:billing-restored"]),
    (.selector, "ti", ["tier"]),
    (.selector, "tier=front,app=", ["tier=front,app=api", "tier=front,app=web"]),
  ])
  func `the archive completes what is typed`(
    field: RestoreForm.Field,
    typed: String,
    offered: [String]
  ) {
    var form = Self.form()
    form.focus(field.rawValue)
    for character in typed {
      _ = form.handle(.key(.escape))
      _ = form.handle(.key(Key(character)))
      form.offer(RestoreExample.contents, nil)
    }
    #expect(form.form.completions == offered)
  }
}
