// SPDX-License-Identifier: Apache-2.0

extension CatalogTable {
  /// The resources of kube-apiserver 1.20, in the server's order.
  static let v1_20 = """
    # v1
    bindings Binding n create
    componentstatuses ComponentStatus c get,list short=cs
    configmaps ConfigMap n all short=cm hash=qFsyl6wFWjQ=
    endpoints Endpoints n all short=ep hash=fWeeMqaN/OA=
    events Event n all short=ev hash=r2yiGXH7wu8=
    limitranges LimitRange n all short=limits hash=EBKMFVe6cwo=
    namespaces Namespace c create,delete,get,list,patch,update,watch short=ns hash=Q3oi5N2YM8M=
    /finalize Namespace update
    /status Namespace gpu
    nodes Node c all short=no hash=XwShjMxG9Fs=
    /proxy NodeProxyOptions create,delete,get,patch,update
    /status Node gpu
    persistentvolumeclaims PersistentVolumeClaim n all short=pvc hash=QWTyNDq0dC4=
    /status PersistentVolumeClaim gpu
    persistentvolumes PersistentVolume c all short=pv hash=HN/zwEC+JgM=
    /status PersistentVolume gpu
    pods Pod n all short=po in=all hash=xPOwRZ+Yhw8=
    /attach PodAttachOptions create,get
    /binding Binding create
    /eviction Eviction create as=policy/v1beta1
    /exec PodExecOptions create,get
    /log Pod get
    /portforward PodPortForwardOptions create,get
    /proxy PodProxyOptions create,delete,get,patch,update
    /status Pod gpu
    podtemplates PodTemplate n all hash=LIXB2x4IFpk=
    replicationcontrollers ReplicationController n all short=rc in=all hash=Jond2If31h0=
    /scale Scale gpu as=autoscaling/v1
    /status ReplicationController gpu
    resourcequotas ResourceQuota n all short=quota hash=8uhSgffRX6w=
    /status ResourceQuota gpu
    secrets Secret n all hash=S6u1pOWzb84=
    serviceaccounts ServiceAccount n all short=sa hash=pbx9ZvyFpBE=
    /token TokenRequest create as=authentication.k8s.io/v1
    services Service n create,delete,get,list,patch,update,watch short=svc in=all hash=0/CO1lhkEBI=
    /proxy ServiceProxyOptions create,delete,get,patch,update
    /status Service gpu
    # apiregistration.k8s.io/v1
    apiservices APIService c all in=api-extensions hash=InPBPD7+PqM=
    /status APIService gpu
    # apiregistration.k8s.io/v1beta1
    apiservices APIService c all in=api-extensions hash=InPBPD7+PqM=
    /status APIService gpu
    # apps/v1
    controllerrevisions ControllerRevision n all hash=85nkx63pcBU=
    daemonsets DaemonSet n all short=ds in=all hash=dd7pWHUlMKQ=
    /status DaemonSet gpu
    deployments Deployment n all short=deploy in=all hash=8aSe+NMegvE=
    /scale Scale gpu as=autoscaling/v1
    /status Deployment gpu
    replicasets ReplicaSet n all short=rs in=all hash=P1RzHs8/mWQ=
    /scale Scale gpu as=autoscaling/v1
    /status ReplicaSet gpu
    statefulsets StatefulSet n all short=sts in=all hash=H+vl74LkKdo=
    /scale Scale gpu as=autoscaling/v1
    /status StatefulSet gpu
    # events.k8s.io/v1
    events Event n all short=ev hash=r2yiGXH7wu8=
    # events.k8s.io/v1beta1
    events Event n all short=ev hash=r2yiGXH7wu8=
    # authentication.k8s.io/v1
    tokenreviews TokenReview c create
    # authentication.k8s.io/v1beta1
    tokenreviews TokenReview c create
    # authorization.k8s.io/v1
    localsubjectaccessreviews LocalSubjectAccessReview n create
    selfsubjectaccessreviews SelfSubjectAccessReview c create
    selfsubjectrulesreviews SelfSubjectRulesReview c create
    subjectaccessreviews SubjectAccessReview c create
    # authorization.k8s.io/v1beta1
    localsubjectaccessreviews LocalSubjectAccessReview n create
    selfsubjectaccessreviews SelfSubjectAccessReview c create
    selfsubjectrulesreviews SelfSubjectRulesReview c create
    subjectaccessreviews SubjectAccessReview c create
    # autoscaling/v1
    horizontalpodautoscalers HorizontalPodAutoscaler n all short=hpa in=all hash=oQlkt7f5j/A=
    /status HorizontalPodAutoscaler gpu
    # autoscaling/v2beta1
    horizontalpodautoscalers HorizontalPodAutoscaler n all short=hpa in=all hash=oQlkt7f5j/A=
    /status HorizontalPodAutoscaler gpu
    # autoscaling/v2beta2
    horizontalpodautoscalers HorizontalPodAutoscaler n all short=hpa in=all hash=oQlkt7f5j/A=
    /status HorizontalPodAutoscaler gpu
    # batch/v1
    jobs Job n all in=all hash=mudhfqk/qZY=
    /status Job gpu
    # batch/v1beta1
    cronjobs CronJob n all short=cj in=all hash=h/JlFAZkyyY=
    /status CronJob gpu
    # certificates.k8s.io/v1
    certificatesigningrequests CertificateSigningRequest c all short=csr hash=95fRKMXA+00=
    /approval CertificateSigningRequest gpu
    /status CertificateSigningRequest gpu
    # certificates.k8s.io/v1beta1
    certificatesigningrequests CertificateSigningRequest c all short=csr hash=95fRKMXA+00=
    /approval CertificateSigningRequest gpu
    /status CertificateSigningRequest gpu
    # networking.k8s.io/v1
    ingressclasses IngressClass c all hash=6upRfBq0FOI=
    ingresses Ingress n all short=ing hash=ZOAfGflaKd0=
    /status Ingress gpu
    networkpolicies NetworkPolicy n all short=netpol hash=YpfwF18m1G8=
    # networking.k8s.io/v1beta1
    ingressclasses IngressClass c all hash=6upRfBq0FOI=
    ingresses Ingress n all short=ing hash=ZOAfGflaKd0=
    /status Ingress gpu
    # extensions/v1beta1
    ingresses Ingress n all short=ing hash=ZOAfGflaKd0=
    /status Ingress gpu
    # policy/v1beta1
    poddisruptionbudgets PodDisruptionBudget n all short=pdb hash=6BGBu0kpHtk=
    /status PodDisruptionBudget gpu
    podsecuritypolicies PodSecurityPolicy c all short=psp hash=khBLobUXkqA=
    # rbac.authorization.k8s.io/v1
    clusterrolebindings ClusterRoleBinding c all hash=48tpQ8gZHFc=
    clusterroles ClusterRole c all hash=bYE5ZWDrJ44=
    rolebindings RoleBinding n all hash=eGsCzGH6b1g=
    roles Role n all hash=7FuwZcIIItM=
    # rbac.authorization.k8s.io/v1beta1
    clusterrolebindings ClusterRoleBinding c all hash=48tpQ8gZHFc=
    clusterroles ClusterRole c all hash=bYE5ZWDrJ44=
    rolebindings RoleBinding n all hash=eGsCzGH6b1g=
    roles Role n all hash=7FuwZcIIItM=
    # storage.k8s.io/v1
    csidrivers CSIDriver c all hash=Z7aeXSiaYTw=
    csinodes CSINode c all hash=Pe62DkZtjuo=
    storageclasses StorageClass c all short=sc hash=K+m6uJwbjGY=
    volumeattachments VolumeAttachment c all hash=tJx/ezt6UDU=
    /status VolumeAttachment gpu
    # storage.k8s.io/v1beta1
    csidrivers CSIDriver c all hash=Z7aeXSiaYTw=
    csinodes CSINode c all hash=Pe62DkZtjuo=
    storageclasses StorageClass c all short=sc hash=K+m6uJwbjGY=
    volumeattachments VolumeAttachment c all hash=tJx/ezt6UDU=
    # admissionregistration.k8s.io/v1
    mutatingwebhookconfigurations MutatingWebhookConfiguration c all in=api-extensions \
    hash=Sqi0GUgDaX0=
    validatingwebhookconfigurations ValidatingWebhookConfiguration c all in=api-extensions \
    hash=B0wHjQmsGNk=
    # admissionregistration.k8s.io/v1beta1
    mutatingwebhookconfigurations MutatingWebhookConfiguration c all in=api-extensions \
    hash=Sqi0GUgDaX0=
    validatingwebhookconfigurations ValidatingWebhookConfiguration c all in=api-extensions \
    hash=B0wHjQmsGNk=
    # apiextensions.k8s.io/v1
    customresourcedefinitions CustomResourceDefinition c all short=crd,crds in=api-extensions \
    hash=jfWCUB31mvA=
    /status CustomResourceDefinition gpu
    # apiextensions.k8s.io/v1beta1
    customresourcedefinitions CustomResourceDefinition c all short=crd,crds in=api-extensions \
    hash=jfWCUB31mvA=
    /status CustomResourceDefinition gpu
    # scheduling.k8s.io/v1
    priorityclasses PriorityClass c all short=pc hash=1QwjyaZjj3Y=
    # scheduling.k8s.io/v1beta1
    priorityclasses PriorityClass c all short=pc hash=1QwjyaZjj3Y=
    # coordination.k8s.io/v1
    leases Lease n all hash=gqkMMb/YqFM=
    # coordination.k8s.io/v1beta1
    leases Lease n all hash=gqkMMb/YqFM=
    # node.k8s.io/v1
    runtimeclasses RuntimeClass c all hash=WQTu1GL3T2Q=
    # node.k8s.io/v1beta1
    runtimeclasses RuntimeClass c all hash=WQTu1GL3T2Q=
    # discovery.k8s.io/v1beta1
    endpointslices EndpointSlice n all hash=Nx3SIv6I0mE=
    # flowcontrol.apiserver.k8s.io/v1beta1
    flowschemas FlowSchema c all hash=9bSnTLYweJ0=
    /status FlowSchema gpu
    prioritylevelconfigurations PriorityLevelConfiguration c all hash=BFVwf8eYnsw=
    /status PriorityLevelConfiguration gpu
    """
}
