// SPDX-License-Identifier: Apache-2.0

/// The fields of the messages that command line clients send as protocol buffers.
///
/// Source: the field numbers in the generated.proto files of k8s.io/api and k8s.io/apimachinery.
enum ProtobufSchema {
  enum Shape {
    case single
    case repeated
    case map
  }

  struct Field {
    var name: String
    var type: String
    var shape = Shape.single
    /// Whether zero is a value of its own, as behind a pointer.
    var keepsZero = false
  }

  static let messages: [String: [Int: Field]] = parse(table)

  /// Reads a table with one message a line.
  ///
  /// The message's name comes first, then its fields as `number:name:type`. A type with `[]` in front is repeated, one
  /// with `{}` the values of a map, and one with `?` behind keeps zero.
  private static func parse(_ table: String) -> [String: [Int: Field]] {
    var messages: [String: [Int: Field]] = [:]
    for line in table.split(separator: "\n") {
      let words = line.split(separator: " ").map(String.init)
      var fields: [Int: Field] = [:]
      for word in words.dropFirst() {
        let parts = word.split(separator: ":").map(String.init)
        guard parts.count == 3, let number = Int(parts[0]) else { continue }
        var field = Field(name: parts[1], type: parts[2])
        if field.type.hasPrefix("[]") || field.type.hasPrefix("{}") {
          field.shape = field.type.hasPrefix("[]") ? .repeated : .map
          field.type.removeFirst(2)
        }
        if field.type.hasSuffix("?") {
          field.keepsZero = true
          field.type.removeLast()
        }
        fields[number] = field
      }
      messages[words[0]] = fields
    }
    return messages
  }

  private static let table = """
    ObjectMeta 1:name:string 2:generateName:string 3:namespace:string 4:selfLink:string \
    5:uid:string 6:resourceVersion:string 7:generation:int 8:creationTimestamp:Time \
    9:deletionTimestamp:Time 10:deletionGracePeriodSeconds:int? 11:labels:{}string \
    12:annotations:{}string 13:ownerReferences:[]OwnerReference 14:finalizers:[]string
    OwnerReference 1:kind:string 3:name:string 4:uid:string 5:apiVersion:string \
    6:controller:bool? 7:blockOwnerDeletion:bool?
    LabelSelector 1:matchLabels:{}string 2:matchExpressions:[]LabelSelectorRequirement
    LabelSelectorRequirement 1:key:string 2:operator:string 3:values:[]string
    DeleteOptions 1:gracePeriodSeconds:int? 2:preconditions:Preconditions \
    3:orphanDependents:bool? 4:propagationPolicy:string 5:dryRun:[]string
    Preconditions 1:uid:string 2:resourceVersion:string
    ConfigMap 1:metadata:ObjectMeta 2:data:{}string 3:binaryData:{}bytes 4:immutable:bool?
    Secret 1:metadata:ObjectMeta 2:data:{}bytes 3:type:string 4:stringData:{}string 5:immutable:bool?
    Namespace 1:metadata:ObjectMeta 2:spec:NamespaceSpec 3:status:NamespaceStatus
    NamespaceSpec 1:finalizers:[]string
    NamespaceStatus 1:phase:string
    ServiceAccount 1:metadata:ObjectMeta 2:secrets:[]ObjectReference \
    3:imagePullSecrets:[]LocalObjectReference 4:automountServiceAccountToken:bool?
    ObjectReference 1:kind:string 2:namespace:string 3:name:string 4:uid:string 5:apiVersion:string \
    6:resourceVersion:string 7:fieldPath:string
    LocalObjectReference 1:name:string
    ResourceQuota 1:metadata:ObjectMeta 2:spec:ResourceQuotaSpec 3:status:ResourceQuotaStatus
    ResourceQuotaSpec 1:hard:{}Quantity 2:scopes:[]string
    ResourceQuotaStatus 1:hard:{}Quantity 2:used:{}Quantity
    Role 1:metadata:ObjectMeta 2:rules:[]PolicyRule
    ClusterRole 1:metadata:ObjectMeta 2:rules:[]PolicyRule 3:aggregationRule:AggregationRule
    AggregationRule 1:clusterRoleSelectors:[]LabelSelector
    PolicyRule 1:verbs:[]string 2:apiGroups:[]string 3:resources:[]string 4:resourceNames:[]string \
    5:nonResourceURLs:[]string
    RoleBinding 1:metadata:ObjectMeta 2:subjects:[]Subject 3:roleRef:RoleRef
    ClusterRoleBinding 1:metadata:ObjectMeta 2:subjects:[]Subject 3:roleRef:RoleRef
    Subject 1:kind:string 2:apiGroup:string 3:name:string 4:namespace:string
    RoleRef 1:apiGroup:string 2:kind:string 3:name:string
    SelfSubjectAccessReview 1:metadata:ObjectMeta 2:spec:SelfSubjectAccessReviewSpec \
    3:status:SubjectAccessReviewStatus
    SelfSubjectAccessReviewSpec 1:resourceAttributes:ResourceAttributes \
    2:nonResourceAttributes:NonResourceAttributes
    ResourceAttributes 1:namespace:string 2:verb:string 3:group:string 4:version:string \
    5:resource:string 6:subresource:string 7:name:string
    NonResourceAttributes 1:path:string 2:verb:string
    SubjectAccessReviewStatus 1:allowed:bool 2:reason:string 3:evaluationError:string 4:denied:bool
    SelfSubjectRulesReview 1:metadata:ObjectMeta 2:spec:SelfSubjectRulesReviewSpec \
    3:status:SubjectRulesReviewStatus
    SelfSubjectRulesReviewSpec 1:namespace:string
    SubjectRulesReviewStatus 3:incomplete:bool 4:evaluationError:string
    SelfSubjectReview 1:metadata:ObjectMeta 2:status:SelfSubjectReviewStatus
    SelfSubjectReviewStatus 1:userInfo:UserInfo
    UserInfo 1:username:string 2:uid:string 3:groups:[]string
    TokenRequest 1:metadata:ObjectMeta 2:spec:TokenRequestSpec 3:status:TokenRequestStatus
    TokenRequestSpec 1:audiences:[]string 4:expirationSeconds:int?
    TokenRequestStatus 1:token:string 2:expirationTimestamp:Time
    Deployment 1:metadata:ObjectMeta 2:spec:DeploymentSpec 3:status:DeploymentStatus
    DeploymentSpec 1:replicas:int? 2:selector:LabelSelector 3:template:PodTemplateSpec \
    4:strategy:DeploymentStrategy 5:minReadySeconds:int 6:revisionHistoryLimit:int? 7:paused:bool \
    9:progressDeadlineSeconds:int?
    DeploymentStrategy 1:type:string 2:rollingUpdate:RollingUpdateDeployment
    RollingUpdateDeployment 1:maxUnavailable:IntOrString 2:maxSurge:IntOrString
    DeploymentStatus 1:observedGeneration:int 2:replicas:int 3:updatedReplicas:int \
    4:availableReplicas:int 5:unavailableReplicas:int 7:readyReplicas:int 8:collisionCount:int?
    PodTemplateSpec 1:metadata:ObjectMeta 2:spec:PodSpec
    PodSpec 2:containers:[]Container 3:restartPolicy:string 4:terminationGracePeriodSeconds:int? \
    5:activeDeadlineSeconds:int? 6:dnsPolicy:string 7:nodeSelector:{}string \
    8:serviceAccountName:string 9:serviceAccount:string 10:nodeName:string 11:hostNetwork:bool \
    12:hostPID:bool 13:hostIPC:bool 16:hostname:string 17:subdomain:string 19:schedulerName:string \
    24:priorityClassName:string
    Container 1:name:string 2:image:string 3:command:[]string 4:args:[]string 5:workingDir:string \
    6:ports:[]ContainerPort 7:env:[]EnvVar 8:resources:ResourceRequirements \
    13:terminationMessagePath:string 14:imagePullPolicy:string 16:stdin:bool 17:stdinOnce:bool \
    18:tty:bool 20:terminationMessagePolicy:string
    ContainerPort 1:name:string 2:hostPort:int 3:containerPort:int 4:protocol:string 5:hostIP:string
    EnvVar 1:name:string 2:value:string
    ResourceRequirements 1:limits:{}Quantity 2:requests:{}Quantity
    Service 1:metadata:ObjectMeta 2:spec:ServiceSpec 3:status:ServiceStatus
    ServiceSpec 1:ports:[]ServicePort 2:selector:{}string 3:clusterIP:string 4:type:string \
    5:externalIPs:[]string 7:sessionAffinity:string 8:loadBalancerIP:string \
    9:loadBalancerSourceRanges:[]string 10:externalName:string 11:externalTrafficPolicy:string \
    12:healthCheckNodePort:int 13:publishNotReadyAddresses:bool 18:clusterIPs:[]string
    ServicePort 1:name:string 2:protocol:string 3:port:int 4:targetPort:IntOrString 5:nodePort:int \
    6:appProtocol:string
    ServiceStatus 1:loadBalancer:LoadBalancerStatus
    LoadBalancerStatus
    Job 1:metadata:ObjectMeta 2:spec:JobSpec 3:status:JobStatus
    JobSpec 1:parallelism:int? 2:completions:int? 3:activeDeadlineSeconds:int? 4:selector:LabelSelector \
    5:manualSelector:bool? 6:template:PodTemplateSpec 7:backoffLimit:int?
    JobStatus 4:active:int 5:succeeded:int 6:failed:int 7:completedIndexes:string
    CronJob 1:metadata:ObjectMeta 2:spec:CronJobSpec 3:status:CronJobStatus
    CronJobSpec 1:schedule:string 2:startingDeadlineSeconds:int? 3:concurrencyPolicy:string \
    4:suspend:bool? 5:jobTemplate:JobTemplateSpec 6:successfulJobsHistoryLimit:int? \
    7:failedJobsHistoryLimit:int?
    JobTemplateSpec 1:metadata:ObjectMeta 2:spec:JobSpec
    CronJobStatus
    PriorityClass 1:metadata:ObjectMeta 2:value:int? 3:globalDefault:bool 4:description:string \
    5:preemptionPolicy:string
    """
}
